"""Edit answerable questions so that their passage answers them no more, as people do who write such questions.

Five kinds: the `opposite` of a word, another `number` or year, another `name`, another word of one `sort`, and a
`negation` put in or taken out. A word is taken out only where it stands in the passage apart from the answer, and what
is put in stands neither there nor in the context. A condition borrowed from another question is no kind: with one, a
quarter of the questions are answered all the same.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from reader_rows import Chance, Row, Span, carries_content, content, stem, word_places, words

EDITED_WEIGHT = 0.8
MOST = {"edited: negation": 2_000}
"""How many edits there are at most of a kind that comes easily and teaches little."""
SHARES = {"opposite": 3.0, "number": 3.0, "name": 2.0, "sort": 3.0, "negation": 0.35}
"""How readily a kind is chosen where a question allows several."""

_DATA = Path(__file__).with_name("edit_words.toml")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-4][0-9])\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?![\w-]|[.,]\d)")
_OPEN_TIME = re.compile(r"\b(?:since|until|till|by|before|after|prior|between|from|to)\b", re.IGNORECASE)
_OPEN_ENDED = re.compile(r"\b(?:since|until|till|by|between|ago)\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(did|does|do|is|was|were|are|has|have|had|could|would|should)\b(?!n't)", re.IGNORECASE)
_DENIAL = re.compile(r"\s+not\b|(?<=\w)n't\b", re.IGNORECASE)
_CAPITAL = r"[A-Z][\w’'-]*[\w]"
_NAME = re.compile(rf"{_CAPITAL}(?: (?:(?:of|de|von|van|the) )?{_CAPITAL})*")
_WITHIN_SENTENCE = re.compile(r"\b(?P<before>[a-z]+) (?P<word>[A-Za-z][\w-]*)(?=(?:['’]s)?(?: (?P<after>[a-z]+))?)")
_GENITIVE = re.compile(r"['’]s?\Z")
_RELATIONS = frozenset("in at from to of by for with near on".split())
_KINDS_OF_NAMES = frozenset(
    """
    university college school river lake war battle act treaty party army church avenue county island islands empire
    dynasty street museum park bridge company festival league cup award prize album band airport station
    """.split()
)


@dataclass(frozen=True, slots=True)
class Material:
    """What other questions of a source lend: names by their surroundings; and the words that are known to be names."""

    names: dict[tuple[str, ...], list[str]]
    known_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Passage:
    """The words of a passage and its context, whole and without endings, and those apart from the answer."""

    all: frozenset[str]
    stems: frozenset[str]
    outside: frozenset[str]
    answer: frozenset[str]


def material(rows: Iterable[Row], known_names: dict[str, str]) -> Material:
    """Collect what the answerable questions of one source lend to each other."""
    names: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        if not row.answers:
            continue
        for place in _names(row.question, known_names):
            names[_surroundings(row.question, place, known_names)].add(row.question[slice(*place)])
    return Material({key: sorted(found) for key, found in names.items()}, known_names)


def names_of(rows: Iterable[Row]) -> dict[str, str]:
    """Return, in small letters, the words that nearly always have a capital within sentences, each with its sort."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    places: Counter[str] = Counter()
    describing: Counter[str] = Counter()
    for row in rows:
        for match in _WITHIN_SENTENCE.finditer(row.passage):
            word = match["word"].casefold()
            if match["word"][0].islower():
                small[word] += 1
                continue
            capital[word] += 1
            places[word] += match["before"] in ("in", "at", "near", "from")
            describing[word] += bool(match["after"]) and carries_content(match["after"])
    known = {word for word, n in capital.items() if n >= 3 and n > 19 * small[word] and len(word) > 3}

    def sort(word: str) -> str:
        if places[word] > capital[word] / 4:
            return "place"
        return "describing" if describing[word] > capital[word] / 2 else "other"

    return {word: sort(word) for word in known}


def edited(row: Row, lent: Material, chance: Chance, without: Container[str] = ()) -> Row | None:
    """Return the row with its question edited in one of the ways that it allows, `without` some kinds."""
    if not row.answers or not row.spans:
        return None
    passage = _read(row)
    kinds = sorted(SHARES, key=lambda kind: chance.of("kind", row.id, kind) ** (1 / SHARES[kind]), reverse=True)
    for kind in (kind for kind in kinds if f"edited: {kind}" not in without):
        question = _edit(kind, row, passage, lent, chance)
        if question and question != row.question:
            return replace(
                row,
                id=f"{row.id} edited {kind}",
                kind=f"edited: {kind}",
                question=question,
                answers=False,
                spans=(),
                grain="none",
                weight=EDITED_WEIGHT,
            )
    return None


def _edit(kind: str, row: Row, passage: _Passage, lent: Material, chance: Chance) -> str | None:
    if kind == "opposite":
        return _exchange(row, passage, lent, opposites(), chance)
    if kind == "sort":
        return _exchange(row, passage, lent, sorts(), chance)
    if kind == "number":
        return _other_years(row, passage, chance) or _other_number(row, passage, lent, chance)
    if kind == "name":
        return _other_name(row, passage, lent, chance)
    return _negation(row)


def _exchange(
    row: Row, passage: _Passage, lent: Material, table: dict[str, tuple[str, ...]], chance: Chance
) -> str | None:
    """Put another word of the table for one of the question's."""
    for match in chance.order(word_places(row.question), "exchange", row.id):
        word = match[0].casefold()
        if word not in table or not _may_go(word, passage) or _asks(row.question, match.span()):
            continue
        if _within_name(row.question, match.span(), lent) or (word in months() and _OPEN_TIME.search(row.question)):
            continue
        fitting = [other for other in table[word] if _may_come(other, passage) and other not in words(row.question)]
        if fitting:
            other = chance.one(fitting, "other", row.id, word)
            return _put(row.question, match.span(), other.capitalize() if match[0][0].isupper() else other)
    return None


def _other_years(row: Row, passage: _Passage, chance: Chance) -> str | None:
    """Move the years of a question together, out of the time that the passage speaks of."""
    asked = list(_YEAR.finditer(row.question))
    told = [int(each) for each in _YEAR.findall(f"{row.passage} {row.context}")]
    if not asked or not told or not any(_may_go(match[1], passage) for match in asked):
        return None
    if _OPEN_ENDED.search(row.question) and len(asked) == 1:
        return None
    years = [int(match[1]) for match in asked]
    by = 3 + int(chance.of("years", row.id) * 40)
    later, earlier = max(told) - min(years) + by, min(told) - max(years) - by
    backwards = re.search(r"\bbefore\b", row.question, re.IGNORECASE) or max(years) + later > 2022
    if backwards and re.search(r"\bafter\b", row.question, re.IGNORECASE):
        return None
    shift = earlier if backwards or chance.of("direction", row.id) < 0.5 else later
    if re.search(r"\bafter\b", row.question, re.IGNORECASE):
        shift = later
    return _YEAR.sub(lambda match: str(int(match[1]) + shift), row.question)


def _other_number(row: Row, passage: _Passage, lent: Material, chance: Chance) -> str | None:
    """Put another number, in digits or in words, for one that stands in the passage."""
    for match in _NUMBER.finditer(row.question):
        if not _may_go(match[0], passage):
            continue
        size = 10 ** len(match[0])
        number = size // 10 + int(chance.of("number", row.id) * (size - size // 10))
        if number not in (0, 1) and _may_come(str(number), passage):
            return _put(row.question, match.span(), str(number))
    return _exchange(row, passage, lent, number_words(), chance)


def _other_name(row: Row, passage: _Passage, lent: Material, chance: Chance) -> str | None:
    """Put a name that stands in like surroundings in another question for one of this question's."""
    for place in chance.order(_names(row.question, lent.known_names), "name", row.id):
        name = row.question[slice(*place)]
        if not all(_may_go(word, passage) for word in words(name)) or _asks(row.question, place):
            continue
        others = lent.names.get(_surroundings(row.question, place, lent.known_names), [])
        for number in range(8):
            if not others:
                break
            other = chance.one(others, "another", row.id, str(number))
            if all(_may_come(word, passage) for word in words(other)) and not content(other) & content(row.question):
                return _put(row.question, place, other)
    return None


def _negation(row: Row) -> str | None:
    """Put a "not" in where there is none, or take it out."""
    if match := _DENIAL.search(row.question):
        return row.question[: match.start()] + row.question[match.end() :]
    match = _AUXILIARY.search(row.question)
    return None if match is None else _put(row.question, match.span(), match[1] + "n't")


def _within_name(question: str, place: Span, lent: Material) -> bool:
    """Say whether a word is part of a longer name, as the new of a city's."""
    after = question[place[1] :].split()
    if not after:
        return False
    if question[place[0]].isupper():
        return after[0][0].isupper()
    return question == question.casefold() and _GENITIVE.sub("", after[0].rstrip("?.,")) in lent.known_names


def _names(question: str, known_names: dict[str, str]) -> list[Span]:
    """Return where names stand: by their capitals, or, where a question has none, by known words."""
    if question != question.casefold():
        found = [match for match in _NAME.finditer(question) if match.start() and len(match[0]) > 3]
    else:
        found = [match for match in word_places(question) if _GENITIVE.sub("", match[0]) in known_names]
    return [(match.start(), match.start() + len(_GENITIVE.sub("", match[0]))) for match in found]


def _surroundings(question: str, place: Span, known_names: dict[str, str]) -> tuple[str, ...]:
    """Describe a name by how it is written and by the words beside it, so that like may stand for like."""
    before, after = question[: place[0]].split(), question[place[1] :].split()
    name = question[slice(*place)].split()
    last = before[-1].casefold() if before else ""
    article = last == "the"
    relation = (before[-2].casefold() if article and len(before) > 1 else last) if before else ""
    kind = name[-1].casefold() if name[-1].casefold() in _KINDS_OF_NAMES else ""
    genitive = bool(after) and question[place[1] : place[1] + 2] in ("'s", "’s")
    return (
        str(min(len(name), 3)),
        "the" if article else "",
        relation if relation in _RELATIONS else "",
        kind,
        "'s" if genitive else "",
        "small" if question == question.casefold() else "",
        known_names.get(name[-1].casefold(), ""),
    )


def _asks(question: str, place: Span) -> bool:
    """Say whether a word belongs to what is asked for, as in "which king" or "how many days"."""
    return bool(re.search(r"\b(?:what|which|how|whose)\s+(?:\w+\s+)?\Z", question[: place[0]], re.IGNORECASE))


def _read(row: Row) -> _Passage:
    inside = [word for start, end in row.spans for word in words(row.passage[start:end])]
    outside = list(row.passage)
    if row.grain == "words":
        for start, end in row.spans:
            outside[start:end] = " " * (end - start)
    everything = words(f"{row.passage} {row.context}")
    return _Passage(
        frozenset(everything),
        frozenset(map(stem, everything)),
        frozenset(map(stem, words("".join(outside)))),
        frozenset(map(stem, inside)) if row.grain == "words" else frozenset(),
    )


def _may_go(word: str, passage: _Passage) -> bool:
    """Say whether a word stands in the passage, and not in the words that answer."""
    return stem(word) in passage.outside and stem(word) not in passage.answer


def _may_come(word: str, passage: _Passage) -> bool:
    """Say whether a word stands nowhere in the passage, in no form."""
    return word.casefold() not in passage.all and stem(word) not in passage.stems


def _put(question: str, place: Span, new: str) -> str:
    edited_question = question[: place[0]] + new + question[place[1] :]
    return re.sub(
        r"\b([Aa])n? (?=" + re.escape(new) + ")",
        lambda match: match[1] + ("n " if new[0].casefold() in "aeio" else " "),
        edited_question,
    )


@cache
def opposites() -> dict[str, tuple[str, ...]]:
    """Return the opposites of each word."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pair in _table()["opposites"].split(","):
        one, other = pair.split()
        found[one].append(other)
        found[other].append(one)
    return {word: tuple(others) for word, others in found.items()}


@cache
def sorts() -> dict[str, tuple[str, ...]]:
    """Return for each word the others of its sort."""
    return _others(_table()["sorts"])


@cache
def months() -> frozenset[str]:
    """Return the names of the months."""
    return frozenset({"january", *sorts()["january"]})


@cache
def number_words() -> dict[str, tuple[str, ...]]:
    """Return for each number that is written in words the others."""
    return _others(_table()["numbers"])


def _others(lines: list[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        for word in line.split():
            found[word] += [other for other in line.split() if other != word]
    return {word: tuple(others) for word, others in found.items()}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
