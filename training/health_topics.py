"""Divide the topics of `medquad` between training, development and what is held out, and clean their answers."""

from __future__ import annotations

import importlib
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

from reader_rows import Chance, read_lines, words

Part = Literal["train", "dev", "held out", "neither"]
HELD_OUT = 1 / 2
DEVELOPMENT = 0.09
"""The share of the topics of the training half that are for development alone."""

_BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
_ASKED_AGAIN = re.compile(r"(?:What|How|Is|Who|Are|Can|Does|Do|Which|Why|When)\b[^?.]{3,200}\?\s*")
_BOILERPLATE = re.compile(
    r"The Human Phenotype Ontology \(HPO\) has collected.*\Z"
    r"|The Human Phenotype Ontology provides[^.]*\."
    r"|If the information is available,[^.]*\."
    r"|You can use the MedlinePlus[^.]*\."
    r"|Signs and Symptoms Approximate number of patients \(when available\)"
    r"|^\s*Key Points\s*$",
    re.DOTALL | re.MULTILINE,
)
_LIST_OF_SIGNS = re.compile(r"The Human Phenotype Ontology provides")
LISTS_OF_SIGNS = 1 / 3
"""The share kept of answers that are lists of signs without sentences: there are hundreds."""
_LIST_OF_LINKS = re.compile(r"These resources address", re.IGNORECASE)
_NO_CONDITION = re.compile(r":|\?|\byour\b|\b(?:choosing|financial|health topics)\b", re.IGNORECASE)
"""Names of leaflets rather than of what they are about."""
_FURNITURE = re.compile(
    r"(?:Parasites|What I need to know about|Your Guide to|Understanding|Facts about)\s*[-:]?\s+", re.I
)


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """An answer to one type of question on one topic."""

    id: str
    topic: str
    name: str
    qtype: str
    text: str


def health_answers(data: Path, chance: Chance) -> dict[Part, list[HealthAnswer]]:
    """Return the answers of each part; no topic is in two parts, and none that a benchmark uses is in training."""
    folder = data / "medquad"
    questions = {line["_id"]: line for line in read_lines(folder / "questions.jsonl")}
    used = used_by_benchmarks(data)
    parts: defaultdict[Part, list[HealthAnswer]] = defaultdict(list)
    for line in read_lines(folder / "corpus.jsonl"):
        question = questions.get(line["_id"])
        if (
            question is None
            or _NO_CONDITION.search(shown_name(question["focus"]))
            or _LIST_OF_LINKS.match(line["text"])
        ):
            continue
        if _LIST_OF_SIGNS.search(line["text"]) and chance.of("list", line["_id"]) >= LISTS_OF_SIGNS:
            continue
        topic, text = topic_key(question["focus"]), cleaned(line["text"])
        if len(words(text)) >= 8:
            answer = HealthAnswer(line["_id"], topic, shown_name(question["focus"]), question["qtype"], text)
            parts[part_of(topic, used, chance)].append(answer)
    return dict(parts)


def part_of(topic: str, used: set[str], chance: Chance) -> Part:
    """Return the part that a topic belongs to."""
    if chance.of("half", topic) < HELD_OUT:
        return "held out"
    if topic in used:
        return "neither"
    return "dev" if chance.of("development", topic) < DEVELOPMENT else "train"


def used_by_benchmarks(data: Path) -> set[str]:
    """Return the topics of the pages of `health_pages.py` and of the sample of `refusal_sets.py`."""
    pages, sets = _benchmark("health_pages"), _benchmark("refusal_sets")
    questions = {line["_id"]: line["focus"] for line in read_lines(data / "medquad/questions.jsonl")}
    sample = sets.medquad_sample(data)
    asked = {line["_id"] for line in sample.documents} | {query.id for query in sample.queries}
    topics = {topic_key(questions[id_]) for id_ in asked}
    return topics | {topic_key(_title(text)) for _, text in pages.pages(data / "medquad")}


def topic_key(focus: str) -> str:
    """Return the words of a topic's name; what has the same is the same topic."""
    return " ".join(re.findall(r"\w+", focus.casefold()))


def shown_name(focus: str) -> str:
    """Return a topic's name without what belongs to its collection."""
    return _FURNITURE.sub("", focus, count=1).strip(" ?-") if _FURNITURE.match(focus) else focus.strip(" ?")


def cleaned(text: str) -> str:
    """Return an answer without the question that it repeats and what stands in all alike, its lists in lines."""
    text = _BOILERPLATE.sub(" ", text)
    text = re.sub(r"\s*\n\s*", "\n", text.strip())
    text = re.sub(r"[ \t]{2,}- +", "\n- ", text)
    text = re.sub(r"[ \t]{2,}", " ", text).strip()
    again = _ASKED_AGAIN.match(text)
    return text[again.end() :].strip() if again else text


def _title(page: str) -> str:
    return page.splitlines()[0].removeprefix("# ")


def _benchmark(name: str) -> ModuleType:
    if str(_BENCHMARKS) not in sys.path:
        sys.path.append(str(_BENCHMARKS))
    return importlib.import_module(name)
