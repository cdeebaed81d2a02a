"""What is said where the corpus does not answer: the nearest topics, by name alone; and what was found, with scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer.engine import Engine, open_index
from rag.answer.topics import MOST_CANDIDATES, MOST_TOPICS
from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.answers import Filters
from rag.render.wording import topic_name

UNANSWERED = "At what temperature is ketamine stored?"


def test_a_refusal_names_the_nearest_topics_each_once(starter: Engine) -> None:
    answer = starter.ask(UNANSWERED)
    assert answer.status == "not_in_corpus"
    named = [topic_name(topic) for topic in answer.topics]
    assert 1 < len(named) == len(set(named)) <= MOST_TOPICS
    assert named[0].startswith("Ketamine: effects on depression, side effects and comparisons")
    for topic in answer.topics:
        document = starter.document(topic.path)
        assert topic.title == document.title
        assert topic.passage in starter.passages(document)


def test_what_is_far_from_everything_gets_no_topic(starter: Engine) -> None:
    assert starter.ask("What is the capital of Mozambique?").topics == ()


@pytest.mark.parametrize("question", ["Who should not take magnesium?", "I want to kill myself"])
def test_only_a_refusal_has_topics(starter: Engine, question: str) -> None:
    assert starter.ask(question).topics == ()


def test_no_topic_is_of_a_document_that_the_filters_leave_out(starter: Engine) -> None:
    answer = starter.ask(UNANSWERED, filters=Filters(documents=("magnesium-cautions.md",)))
    assert not answer.is_answered
    assert {topic.path for topic in answer.topics} <= {"magnesium-cautions.md"}


def test_no_topic_is_of_a_document_that_is_withdrawn_or_has_changed(own: Settings) -> None:
    texts = {"a.md": "", "b.md": "retracted: yes\n", "c.md": ""}
    for name, standing in texts.items():
        said = f"Zorbulin is made in vats number {name[0]}, and stored in the cellar below them."
        (own.corpus / name).write_text(f"---\ntitle: Of {name}\n{standing}---\n# Zorbulin\n\n{said}\n")
    build(own)
    sure = replace(own, may_refuse=0.0)
    engine = open_index(sure.index, sure.corpus)
    refusing = Refusing(engine)
    everything = Filters(include_retracted=True)
    assert {topic.path for topic in refusing.ask("zorbulin vats", everything)} == {"a.md", "c.md"}
    (own.corpus / "c.md").write_text("Something else.\n")
    assert {topic.path for topic in refusing.ask("zorbulin vats", everything)} == {"a.md"}
    Path(own.corpus / "a.md").unlink()
    assert refusing.ask("zorbulin vats", everything) == ()


class Refusing:
    """An engine that is sure of nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.engine.__dict__["operating_point"] = replace(engine.operating_point, threshold=1.1, related_from=1.1)

    def ask(self, question: str, filters: Filters) -> tuple[object, ...]:
        """Return the topics of a refusal."""
        answer = self.engine.ask(question, filters=filters)
        assert answer.status == "not_in_corpus"
        assert answer.candidates
        return answer.topics


def test_candidates_are_what_was_found_with_the_scores_of_what_is_shown(starter: Engine) -> None:
    answer = starter.ask("Who should not take magnesium?", quotes=3)
    assert len(answer.candidates) == MOST_CANDIDATES
    assert answer.threshold == round(starter.operating_point.threshold, 4) <= answer.confidence
    shown = {each.rank: each for each in answer.candidates if each.rank}
    assert sorted(shown) == [1, 2, 3]
    for quote in answer.quotes:
        assert shown[quote.rank].topic.passage == quote.passage
        assert shown[quote.rank].score == round(quote.scores.fused, 4)


def test_a_refusal_has_candidates_below_the_threshold_and_a_withheld_answer_none(starter: Engine) -> None:
    answer = starter.ask(UNANSWERED)
    assert answer.confidence < answer.threshold
    assert answer.candidates
    assert not any(each.rank for each in answer.candidates)
    assert starter.ask("I want to kill myself").candidates == ()
