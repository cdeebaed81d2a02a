"""Read `synonyms.txt` in the corpus folder: other names that people use for what the documents name.

    heart attack = myocardial infarction       a group: whoever says one of them means the others, too
    high blood pressure, hypertension          the same, with a comma
    special k -> ketamine                      one way: asking for ketamine does not search for "special k"
    # a comment

A line that is not as it should be is named and left out; the others are used.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from rag.core.corpus_files import SYNONYMS
from rag.core.errors import UnreadableDocument
from rag.core.types.reports import Finding
from rag.corpus.source_bytes import read_source
from rag.text.synonyms import SynonymRule, words_of
from rag.text.words import carries_content

LONGEST_PHRASE = 80  # characters

_LINE_END = re.compile(rb"\r\n|\r|\n")
_ARROW = re.compile(r"->|=>|→")
_BETWEEN = re.compile(r"[=,]")
_EXAMPLE = "Write it like: heart attack = myocardial infarction"


@dataclass(frozen=True, slots=True)
class SynonymFile:
    """The rules of the file, and its faults; `sha256` is empty where there is none."""

    rules: tuple[SynonymRule, ...] = ()
    problems: tuple[Finding, ...] = ()
    sha256: str = ""


def read_synonyms(corpus: Path) -> SynonymFile:
    """Read the synonyms of a corpus folder. Nothing that is wrong with them is raised."""
    try:
        data = read_source(corpus, SYNONYMS)
    except UnreadableDocument as error:
        if not os.path.lexists(corpus / SYNONYMS):
            return SynonymFile()
        return SynonymFile(problems=(_problem(f"{error.message} {error.advice}"),))
    rules, problems = parse_synonyms(data)
    return SynonymFile(tuple(rules), tuple(problems), hashlib.sha256(data).hexdigest())


def parse_synonyms(data: bytes) -> tuple[list[SynonymRule], list[Finding]]:
    """Return the rules of the file's lines, and a problem for each line that holds none."""
    rules: list[SynonymRule] = []
    problems: list[Finding] = []
    if b"\0" in data:
        return rules, [_problem("It is not text in UTF-8. Save it as UTF-8.")]
    for number, line in enumerate(_LINE_END.split(data.removeprefix(b"\xef\xbb\xbf")), start=1):
        try:
            rule = _rule(line.decode("utf-8").partition("#")[0].strip(), number)
        except UnicodeDecodeError:
            problems.append(_problem("It is not UTF-8. Save the file as UTF-8.", number))
        except ValueError as error:
            problems.append(_problem(str(error), number))
        else:
            rules += [rule] if rule else []
    return rules, problems


def _rule(text: str, line: int) -> SynonymRule | None:
    """Return a line's rule, or None for an empty one. Raises `ValueError` saying what is wrong with it."""
    if not text:
        return None
    sides = _ARROW.split(text)
    if len(sides) > 2:
        raise ValueError("It has two arrows. Write one rule a line.")
    said, also = _phrases(sides[0]), _phrases(sides[-1])
    if len({*map(words_of, (*said, *also))}) < 2:
        raise ValueError(f"It names one thing only. {_EXAMPLE}")
    for phrase in said:
        if not carries_content(phrase):
            raise ValueError(f"Any question may hold {phrase!r}. Take it out, or write more of it.")
    return SynonymRule(said, also, line)


def _phrases(text: str) -> tuple[str, ...]:
    phrases = [" ".join(phrase.split()) for phrase in _BETWEEN.split(text)]
    for phrase in phrases:
        if not words_of(phrase):
            raise ValueError(f"{f'{phrase!r} has no word' if phrase else 'A phrase is missing'}. {_EXAMPLE}")
        if len(phrase) > LONGEST_PHRASE:
            raise ValueError(f"A phrase has more than {LONGEST_PHRASE} characters. Shorten it.")
    return tuple({words_of(phrase): phrase for phrase in phrases}.values())


def _problem(message: str, line: int | None = None) -> Finding:
    return Finding(SYNONYMS, "problem", "synonyms", message, (line, line) if line else None)
