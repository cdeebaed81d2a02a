"""Ask for aspects of health topics: of the right answer, of another aspect's, and of another topic's."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from health_topics import HealthAnswer
from reader_rows import MOST_WORDS, Chance, Row, Span, content, stem, words
from sentence_windows import shortened

Wordings = Literal["training", "held_out"]
SHORTEST_WINDOW = 60
MOST_WINDOWS = 3
LATER_WINDOW = 0.7
"""How much a window counts that is not the beginning of its answer."""
DOUBTFUL = 0.5
"""How much a negative counts whose passage touches the aspect in a word."""
TOUCHING = 0.25
"""The share of the negatives by aspect whose passage may touch the aspect in one word."""
NEIGHBOURS = 4
"""How far apart in the alphabet topics are near."""
ANSWERS_ANYTHING = "information"
NARROW = frozenset({"inheritance"})
"""Types of question so particular that a general text answers them only in words of their own."""

_DATA = Path(__file__).with_name("health_wordings.toml")
_COMMON_NAMES = frozenset(
    stem(word)
    for word in """syndrome disease disorder type deficiency familial congenital hereditary autosomal dominant recessive
    childhood adult juvenile chronic acute primary linked cancer with and of""".split()
)


@dataclass(frozen=True, slots=True)
class Aspect:
    """How an aspect is asked for, how texts speak of it, and which other aspects' answers may answer it."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]
    headings: tuple[str, ...]
    near: frozenset[str]
    cue: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Window:
    answer: HealthAnswer
    place: Span
    first: bool

    @property
    def text(self) -> str:
        return self.answer.text[slice(*self.place)]


@cache
def aspects() -> dict[str, Aspect]:
    """Return the aspects by the name of their type of question."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {
        name.replace("-", " "): Aspect(
            tuple(each["training"]),
            tuple(each["held_out"]),
            tuple(each["headings"]),
            frozenset(each["near"]),
            re.compile(rf"\b(?:{'|'.join(each['cues'])})", re.IGNORECASE),
        )
        for name, each in table.items()
    }


class HealthRows:
    """Make rows of the answers of one part."""

    def __init__(self, answers: Sequence[HealthAnswer], wordings: Wordings, chance: Chance, *, strict: bool) -> None:
        """Take answers; `strict` leaves out whatever is doubtful, for measuring."""
        self._wordings = wordings
        self._chance = chance
        self._strict = strict
        self._answers = [answer for answer in answers if answer.qtype in aspects()]
        self._cut: dict[str, list[_Window]] = {}
        self._by_topic: defaultdict[str, list[HealthAnswer]] = defaultdict(list)
        for answer in self._answers:
            self._by_topic[answer.topic].append(answer)
        self._near = _near_topics(sorted(self._by_topic))

    def positives(self, most: int) -> list[Row]:
        """Return questions with their answers, at most so many, by hash."""
        made = []
        for answer in self._answers:
            windows = [window for window in self._windows(answer) if self._answers_its_question(window)]
            for number, wording in enumerate(self._asked(answer.qtype)):
                if windows:
                    at = 0 if self._chance.of("window", answer.id, wording) < 0.5 else number % len(windows)
                    weight = 1.0 if windows[at].first else LATER_WINDOW
                    question = self._question(answer, wording)
                    made.append(self._row(answer, question, windows[at], "positive", weight))
        return self._some(made, most)

    def negatives(self, positives: Sequence[Row], by_aspect: int, by_topic: int) -> list[Row]:
        """Return questions on the topics and aspects of the positives with passages that do not answer them."""
        answers = {answer.id: answer for answer in self._answers}
        aspect_rows: list[Row] = []
        topic_rows: list[Row] = []
        for row in positives:
            answer = answers[row.id.split(" / ")[0]]
            for number in range(3):
                wording = self._chance.one(self._asked(answer.qtype), "negative", row.id, str(number))
                if made := self._other_aspect(answer, wording, number):
                    aspect_rows.append(made)
                if made := self._other_topic(answer, wording, number):
                    topic_rows.append(made)
        return self._some(aspect_rows, by_aspect) + self._some(topic_rows, by_topic)

    def _some(self, rows: Sequence[Row], most: int) -> list[Row]:
        distinct = {(row.question.casefold(), row.passage): row for row in rows}
        return sorted(distinct.values(), key=lambda row: self._chance.of("some", row.id, row.question))[:most]

    def _other_aspect(self, asked: HealthAnswer, wording: str, number: int) -> Row | None:
        """Ask for an aspect of which another answer on the same topic says nothing."""
        aspect = aspects()[asked.qtype]
        touching = not self._strict and self._chance.of("touching", asked.id, wording, str(number)) < TOUCHING
        fitting = []
        for other in self._by_topic[asked.topic]:
            if other.qtype == asked.qtype or other.qtype in aspect.near:
                continue
            if other.qtype == ANSWERS_ANYTHING and asked.qtype not in NARROW:
                continue
            for window in self._windows(other):
                cues = len(aspect.cue.findall(window.text))
                if cues == 0 or (touching and cues == 1):
                    fitting.append((window, DOUBTFUL if cues else 1.0))
        if not fitting:
            return None
        window, weight = self._chance.one(fitting, "aspect", asked.id, wording, str(number))
        return self._row(asked, self._question(asked, wording), window, "aspect", weight)

    def _other_topic(self, asked: HealthAnswer, wording: str, number: int) -> Row | None:
        """Ask for an aspect of a topic of which the same aspect's answer on a near topic does not speak."""
        near = self._chance.order(self._near[asked.topic], "topic", asked.id, wording, str(number))
        near.sort(key=lambda topic: not _naming(topic) & _naming(asked.topic))
        for topic in near:
            others = [other for other in self._by_topic[topic] if other.qtype == asked.qtype]
            if not others:
                continue
            other = self._chance.one(others, "which", asked.id, topic)
            window = self._chance.one(self._windows(other), "part", asked.id, topic)
            named = _naming(f"{asked.topic} {asked.name}")
            if not named <= {stem(word) for word in words(f"{other.name} {window.text}")}:
                return self._row(asked, self._question(asked, wording), window, "topic", 1.0)
        return None

    def _row(self, asked: HealthAnswer, question: str, window: _Window, kind: str, weight: float) -> Row:
        answer = window.answer
        id_ = f"{asked.id} / {answer.id}:{window.place[0]}-{window.place[1]} / {question}"
        return Row(
            id_ if kind != "positive" else f"{answer.id} / {window.place[0]}-{window.place[1]} / {question}",
            "medquad",
            kind,
            question,
            self._context(window, id_),
            window.text,
            kind == "positive",
            (),
            "none",
            weight,
            group=f"topic {answer.topic}",
        )

    def _asked(self, qtype: str) -> tuple[str, ...]:
        aspect = aspects()[qtype]
        return aspect.training if self._wordings == "training" else aspect.held_out

    def _question(self, answer: HealthAnswer, wording: str) -> str:
        """Put the topic's name into a wording, in small letters half of the time."""
        name = answer.name
        if self._chance.of("small", answer.id, wording) < 0.5 and not re.search(r"\d|[A-Z]{2}", name):
            name = name.casefold()
        return wording.replace("{}", name)

    def _context(self, window: _Window, id_: str) -> str:
        """Return title and heading, the title, or nothing; a passage that does not name its topic has its title."""
        answer, chance = window.answer, self._chance.of("context", id_)
        if chance < 0.5:
            return f"{answer.name} > {self._chance.one(aspects()[answer.qtype].headings, 'heading', id_)}"
        return answer.name if chance < 0.75 or not _names_topic(answer, window.text) else ""

    def _answers_its_question(self, window: _Window) -> bool:
        """Say whether a window speaks of its aspect; the beginning of an answer is believed to, but for measuring."""
        if self._strict:
            return window.first and bool(aspects()[window.answer.qtype].cue.search(window.text))
        return window.first or bool(aspects()[window.answer.qtype].cue.search(window.text))

    def _windows(self, answer: HealthAnswer) -> list[_Window]:
        """Return the first windows of an answer, of lengths by chance; a remainder of few words is none."""
        if answer.id not in self._cut:
            self._cut[answer.id] = self._new_windows(answer)
        return self._cut[answer.id]

    def _new_windows(self, answer: HealthAnswer) -> list[_Window]:
        found: list[_Window] = []
        start = 0
        while start < len(answer.text) and len(found) < MOST_WINDOWS:
            chance = self._chance.of("length", answer.id, str(start))
            most = SHORTEST_WINDOW + round(chance * (MOST_WORDS - SHORTEST_WINDOW))
            place = shortened(answer.text, start, most)
            if not found or len(words(answer.text[slice(*place)])) >= SHORTEST_WINDOW // 2:
                found.append(_Window(answer, place, not found))
            start = place[1] + len(answer.text[place[1] :]) - len(answer.text[place[1] :].lstrip())
        return found


def _near_topics(topics: list[str]) -> dict[str, list[str]]:
    """Return for each topic those that share a word of their names or stand beside it in the alphabet."""
    naming = {topic: _naming(topic) for topic in topics}
    with_word: defaultdict[str, list[str]] = defaultdict(list)
    for topic, found in naming.items():
        for word in found:
            with_word[word].append(topic)

    def near(number: int, topic: str) -> Iterator[str]:
        for word in sorted(naming[topic]):
            yield from with_word[word]
        yield from topics[max(0, number - NEIGHBOURS) : number + NEIGHBOURS + 1]

    return {
        topic: [
            other
            for other in dict.fromkeys(near(number, topic))
            if not naming[other] <= naming[topic] and not naming[topic] <= naming[other]
        ]
        for number, topic in enumerate(topics)
    }


def _naming(topic: str) -> frozenset[str]:
    """Return the words of a name that tell it from others; all words of a name that has none."""
    found = {word for word in content(topic) if len(word) > 1 or word.isdigit()}
    return frozenset(found - _COMMON_NAMES or found)


def _names_topic(answer: HealthAnswer, text: str) -> bool:
    naming = _naming(answer.name)
    return 2 * len(naming & content(text)) >= len(naming) > 0
