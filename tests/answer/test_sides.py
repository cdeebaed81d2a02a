"""Both sides of an effect: where the corpus holds both, both are shown, side by side, and the answer says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answer.engine import Engine, open_index
from rag.answer.sides import LOOKED_AT, choose
from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.answers import Filters
from rag.core.types.ask import Ask
from rag.render.json_records import answer_record
from rag.render.wording import DIFFER, outcome

DOCUMENTS = {
    "yes": "# Zinc lozenges and colds\n\nIn an open-label study zinc lozenges were effective against colds.\n",
    "no": "# Colds and zinc\n\nIn a placebo-controlled trial zinc lozenges were not effective against colds.\n",
    "acne": "# Zinc for acne\n\nZinc was not effective in the treatment of acne.\n",
    "vitamin": "# Vitamin C for colds\n\nVitamin C significantly reduced how long colds lasted.\n",
    "metal": "# What zinc is\n\nZinc is a bluish-white metal that is found in oysters, beef and pumpkin seeds.\n",
    "both": (
        "# Honey for coughs\n\nIn one trial honey significantly reduced coughs at night. "
        "In another trial honey did not reduce coughs at night.\n"
    ),
}
BOTH_SIDES = "Do zinc lozenges help against colds?"


@pytest.fixture(scope="module")
def engine(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("sides")
    (folder / "corpus").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "corpus" / f"{name}.md").write_text(text)
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    build(settings)
    return open_index(settings.index, settings.corpus)


def shown(engine: Engine, question: str, quotes: int = 5, filters: Filters = Filters()) -> list[tuple[str, list[str]]]:
    """The documents quoted, in order, and the sides that each is on."""
    answer = engine.ask(question, quotes=quotes, filters=filters)
    return [(Path(quote.document.path).stem, list(quote.sides)) for quote in answer.quotes]


@pytest.mark.parametrize("question", [BOTH_SIDES, "Are zinc lozenges effective for colds?", "zinc lozenges colds"])
def test_both_sides_are_shown_side_by_side_and_the_answer_says_so(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.sources_differ
    assert outcome(answer).endswith(DIFFER)
    found = shown(engine, question)
    sides = [on for _, on in found if on]
    assert sorted(sides) == [["effect"], ["no_effect"]]
    places = [place for place, (_, on) in enumerate(found) if on]
    assert places[1] == places[0] + 1
    assert {name for name, on in found if on} == {"yes", "no"}


@pytest.mark.parametrize("quotes", [1, 2, 3])
def test_an_effect_is_never_shown_from_one_side_alone(engine: Engine, quotes: int) -> None:
    found = shown(engine, BOTH_SIDES, quotes)
    assert 2 <= len(found) <= max(quotes, 2)
    assert {name for name, on in found if on} == {"yes", "no"}


def test_both_sides_in_one_passage_are_both_highlighted(engine: Engine) -> None:
    answer = engine.ask("Does honey reduce coughs at night?", quotes=1)
    (quote,) = answer.quotes
    assert answer.sources_differ
    assert quote.sides == ("effect", "no_effect")
    marked = " ".join(quote.document.text[start:end] for start, end in quote.highlights)
    assert "significantly reduced" in marked
    assert "did not reduce" in marked


@pytest.mark.parametrize(
    "question",
    [
        "What is zinc?",
        "Which foods is zinc found in?",
        "Is zinc effective in the treatment of acne?",
        "Does vitamin C help against colds?",
    ],
)
def test_one_side_of_another_matter_is_not_the_other_side(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert not answer.sources_differ
    assert DIFFER not in outcome(answer)
    assert all(not quote.sides for quote in answer.quotes)


def test_what_a_filter_leaves_out_is_no_side(engine: Engine) -> None:
    answer = engine.ask(BOTH_SIDES, filters=Filters(documents=("yes.md", "metal.md")))
    assert not answer.sources_differ


def test_the_record_says_which_quote_is_on_which_side(engine: Engine) -> None:
    record = answer_record(engine.ask(BOTH_SIDES))
    assert record["sources_differ"] is True
    assert sorted(side for quote in record["quotes"] for side in quote["sides"]) == ["effect", "no_effect"]
    assert answer_record(engine.ask("What is zinc?"))["sources_differ"] is False


def test_choosing_shows_the_best_and_no_hit_twice(engine: Engine) -> None:
    from rag.search.finding import find

    for question in (BOTH_SIDES, "What is zinc?"):
        found = find(Ask(question, quotes=LOOKED_AT), engine.index, engine.encoder)
        for quotes in range(1, len(found.hits) + 2):
            chosen = choose(question, found.question.terms, found.hits, quotes, engine.index)
            rows = [hit.row for hit in chosen.hits]
            assert len(rows) == len(set(rows))
            assert set(rows) <= {hit.row for hit in found.hits}
            assert len(rows) == min(max(quotes, 2 if chosen.differ else 1), len(found.hits))
            rest = [row for row in rows if row not in chosen.sides]
            assert rest == [hit.row for hit in found.hits if hit.row in rest]


def test_the_seeds_tell_of_a_failure_and_of_a_success(seeds_settings: Settings) -> None:
    settings = seeds_settings
    answer = open_index(settings.index, settings.corpus).ask("Does memantine help depression?")
    assert answer.sources_differ
    first, second = answer.quotes[:2]
    assert "was not effective in the treatment of major depressive disorder" in first.text
    assert "demonstrated early-onset efficacy" in second.text
    assert ("design", "placebo-controlled study") in [(cue.kind, cue.text) for cue in first.cues]
    assert ("design", "open-label") in [(cue.kind, cue.text) for cue in second.cues]
    dosing = open_index(settings.index, settings.corpus).ask("How much magnesium should I take?")
    assert [notice.kind for notice in dosing.notices] == ["framing", "dosing"]
    assert "500 mg/day" in [cue.text for quote in dosing.quotes for cue in quote.cues if cue.kind == "dose"]
    guess = open_index(settings.index, settings.corpus).ask("Can NMDA antagonists treat tolerance to other drugs?")
    (theirs,) = (quote for quote in guess.quotes if "purely my speculation" in quote.text)
    assert theirs.passage.attribution.kind == "quoted"
    assert "purely my speculation" in [cue.text for cue in theirs.cues if cue.kind == "speculation"]


def test_the_starter_corpus_tells_of_both(starter: Engine) -> None:
    answer = starter.ask("Does memantine help depression?")
    assert answer.sources_differ
    assert {side for quote in answer.quotes for side in quote.sides} == {"effect", "no_effect"}
