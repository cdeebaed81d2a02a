"""What a question is about: the names in it, as far as an answer must speak of them."""

from __future__ import annotations

import pytest

from rag.answer.engine import Engine
from rag.core.types.ask import Ask
from rag.search.finding import SearchResult, find


def found(engine: Engine, question: str) -> SearchResult:
    return find(Ask(question), engine.index, engine.encoder)


@pytest.mark.parametrize(
    ("question", "names", "unknown"),
    [
        ("can i take magnesium with lithium", ["magnesium", "lithium"], ["lithium"]),
        ("My nan is on lithium. Can she take magnesium?", ["magnesium", "lithium"], ["lithium"]),
        ("Mum ate prawns yesterday. Which anti sickness medicines are there?", ["anti sickness medicines"], []),
        ("what is leptospirosis", ["leptospirosis"], ["leptospirosis"]),
        ("levadopa side effects", ["levadopa"], []),
        ("side effects of warfrin", ["warfrin"], ["warfrin"]),
        ("is gabapentin ok while breastfeeding", ["gabapentin", "breastfeeding"], []),
        ("Is ketamine legal in Belgium?", ["ketamine", "Belgium"], ["Belgium"]),
        ("Mum has rickets and is on gabapentin. Is there a link between those two?", ["rickets", "gabapentin"], []),
        (
            "My mum takes levodopa. My aunt takes clopidogrel and magnesium. Can she take both?",
            ["clopidogrel", "magnesium"],
            [],
        ),
        ("what should I do when I feel poorly today", [], []),
    ],
)
def test_names_that_an_answer_must_speak_of(
    leaflets: Engine, question: str, names: list[str], unknown: list[str]
) -> None:
    subject = found(leaflets, question).question.subject
    assert sorted(name.said for name in subject.names) == sorted(names)
    assert sorted(name.said for name in subject.unknown) == sorted(unknown)


@pytest.mark.parametrize(
    ("question", "searched_as"),
    [
        ("levadopa side effects", "levadopa (levodopa) side effects"),
        ("how is ricketts prevented", "how is ricketts (rickets) prevented"),
        ("ciprofaxin and tendons", "ciprofaxin (ciprofloxacin) and tendons"),
        ("levodopa side effects", "levodopa side effects"),
    ],
)
def test_a_misspelt_word_is_searched_as_what_it_is_meant_to_be_and_said_so(
    leaflets: Engine, question: str, searched_as: str
) -> None:
    assert found(leaflets, question).question.searched_as == searched_as


@pytest.mark.parametrize(
    ("question", "name", "way"),
    [
        ("Is clopidogrel used in PAD?", "PAD", {"peripher", "arteri", "diseas"}),
        ("can you take levodopa with MAOIs", "MAOIs", {"monoamin", "oxidas", "inhibitor"}),
        ("what helps in hyperemesis gravidarum", "hyperemesis gravidarum", {"hg"}),
    ],
)
def test_an_abbreviation_that_a_document_defines_is_what_it_stands_for(
    leaflets: Engine, question: str, name: str, way: set[str]
) -> None:
    names = {each.said: each for each in found(leaflets, question).question.subject.names}
    assert frozenset(way) in names[name].ways


def test_a_short_common_word_is_no_abbreviation(leaflets: Engine) -> None:
    subject = found(leaflets, "does a pad help when gabapentin makes me wet the bed").question.subject
    assert "pad" not in [name.said for name in subject.names]


def test_where_safety_is_asked_each_quote_speaks_of_every_name(leaflets: Engine) -> None:
    answer = leaflets.ask("what are the side effects of clopidogrel")
    assert answer.is_answered
    assert not any(quote.lacks for quote in answer.quotes)
    assert all("clopidogrel" in quote.document.text.lower() for quote in answer.quotes)


def test_what_lacks_a_name_is_less_sure_and_as_near(leaflets: Engine) -> None:
    lacking = found(leaflets, "can i take magnesium with lithium")
    assert lacking.judgement.sure < lacking.judgement.near
    whole = found(leaflets, "what is magnesium for")
    assert whole.judgement.sure == whole.judgement.near
    assert lacking.question.missing_words[0] == "lithium"
