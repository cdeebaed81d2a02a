"""The stages of ranking, each by itself: nothing is lost or said twice, and scores mean the same everywhere."""

from __future__ import annotations

from typing import get_args

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.indexes import lexical_index
from support.properties import examples

from rag.core.types.answers import Hit, Scores
from rag.core.types.documents import AUTHOR, CatalogueEntry, Document
from rag.core.types.passages import Passage, PassageWords, Side, Statement
from rag.evaluation.retrieving import reciprocal_rank_fusion
from rag.index.dense.sentences import SentenceIndex, SentenceRows, directions, write_sentences
from rag.index.store.numbering import Numbering
from rag.index.store.sqlite_store import Store
from rag.index.store.values import StoredPassage
from rag.index.store.writing import write_store
from rag.search.diversity import AS_GOOD, IN_A_ROW, in_turn, once_each
from rag.search.feedback import with_feedback
from rag.search.fusion import COVERAGE, LEXICAL, MEANING, fuse
from rag.search.lookup import LookedUpOnce
from rag.search.second_look import match_sentences
from rag.search.terms import UNKNOWN_WEIGHT, Asked, asked
from rag.text.analysis import analyzer
from rag.text.labels.statements import statement
from rag.text.synonyms import Expansion

FIXED = examples(200)
WRITING = examples(50)
WORDS = st.sampled_from("salt iron tea rope anchor".split())


def hit(row: int, owner: str = "d", fused: float = 0.5) -> Hit:
    passage = Passage(str(row), owner, 0, 1, ((0, 1),), (), AUTHOR, None, None)
    return Hit(row, passage, Scores(fused, fused, 0.0), fused, ())


@FIXED
@given(st.lists(st.lists(WORDS, max_size=8), max_size=9))
def test_of_the_same_words_the_first_is_kept_and_carries_the_others(texts: list[list[str]]) -> None:
    hits = [hit(row) for row in range(len(texts))]
    kept = once_each(hits, texts, lambda each: " ".join(texts[each.row]))
    assert [each.row for each in kept] == sorted(each.row for each in kept)
    everything = [passage.id for each in kept for passage in (each.passage, *each.duplicates)]
    assert sorted(everything) == sorted(each.passage.id for each in hits)
    assert len({tuple(texts[each.row]) for each in kept}) == len(kept)
    for each in kept:
        assert all(int(twin.id) > each.row for twin in each.duplicates)
        assert [twin.id for twin in each.duplicates] == sorted((twin.id for twin in each.duplicates), key=int)
        for twin in each.duplicates:
            assert set(texts[int(twin.id)]) & set(texts[each.row]) or not texts[each.row]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a b c d e f g h i j k l", "a b c d e f g h i j k l", True),
        ("a b c d e f g h i j k l", "a b c d e f g h i j k z", False),  # one word in twelve: a name, a number, a "not"
        ("a b c d e f g h i j k l", "a b c d e f g h i j k", True),  # all of the shorter one, in a row
        ("a b c d e f g h i j k l", "l k j i h g f e d c b a", False),  # the same words, not in a row
        ("a b c d e f g h i j k l", "a b c d e f", False),  # half of it: the longer one says more
        ("a b c d e f g h i j k l", "m n o p q r s t u v w x", False),
    ],
)
def test_what_is_the_same_passage_again(one: str, other: str, same: bool) -> None:
    texts = [one, other]
    kept = once_each([hit(0), hit(1)], [text.split() for text in texts], lambda each: texts[each.row])
    assert (len(kept) == 1) == same


@pytest.mark.parametrize(("one", "other"), [("helps", "does not help"), ("200 mg", "800 mg"), ("p < 0.05", "p > 0.05")])
def test_what_differs_in_a_word_that_is_no_search_term_is_not_the_same(one: str, other: str) -> None:
    texts = [f"Adults who take it every morning with water and bread say that it {each} them" for each in (one, other)]
    terms = [["adult", "take", "everi", "morn", "water", "bread", "sai"]] * 2
    assert len(once_each([hit(0), hit(1)], terms, lambda each: texts[each.row])) == 2


@FIXED
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), max_size=12))
def test_taking_turns_loses_nothing_and_keeps_a_document_waiting_only_for_one_as_good(
    given_: list[tuple[str, float]],
) -> None:
    hits = [hit(row, *each) for row, each in enumerate(given_)]
    ordered = in_turn(hits, lambda each: each.scores.fused)
    assert sorted(each.row for each in ordered) == [each.row for each in hits]
    assert ordered[:1] == hits[:1]
    for place in range(IN_A_ROW, len(ordered)):
        in_a_row = {each.passage.document_id for each in ordered[place - IN_A_ROW : place + 1]}
        if len(in_a_row) == 1:
            others = [each for each in ordered[place:] if each.passage.document_id not in in_a_row]
            assert all(each.scores.fused < ordered[place].scores.fused - AS_GOOD for each in others)


@FIXED
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), max_size=12))
def test_taking_turns_keeps_the_order_within_a_document_and_of_what_is_far_apart(
    given_: list[tuple[str, float]],
) -> None:
    hits = [hit(row, *each) for row, each in enumerate(sorted(given_, key=lambda pair: -pair[1]))]
    ordered = in_turn(hits, lambda each: each.scores.fused)
    for owner in "abc":
        assert [each.row for each in ordered if each.passage.document_id == owner] == [
            each.row for each in hits if each.passage.document_id == owner
        ]
    for place, each in enumerate(ordered):
        assert all(later.scores.fused <= each.scores.fused + AS_GOOD for later in ordered[place:])


FOUND = st.lists(
    st.tuples(st.floats(-1, 1, width=32), st.floats(-1, 1, width=32), st.floats(0, 20, width=32), st.floats(0, 1)),
    min_size=1,
    max_size=8,
)
WEIGHTS = st.just(0.0) | st.floats(0.001, 30)
Row = tuple[float, float, float, float]


def columns(rows: list[Row]) -> list[numpy.ndarray]:
    return [numpy.array(column, dtype=numpy.float32) for column in zip(*rows, strict=True)]


@FIXED
@given(FOUND, WEIGHTS, st.booleans(), st.booleans())
def test_a_fused_score_is_bounded_and_the_same_whatever_else_was_found(
    rows: list[Row], weight: float, sentences: bool, covers: bool
) -> None:
    def fused(only: slice) -> numpy.ndarray:
        cosines, nearest, bm25, coverage = (column[only] for column in columns(rows))
        return fuse(cosines, nearest if sentences else None, bm25, coverage if covers else None, weight)

    together = fused(slice(None))
    assert together.shape == (len(rows),)
    assert (together >= -1).all()
    assert (together <= 1 + 1e-6).all()
    assert [fused(slice(place, place + 1))[0] for place in range(len(rows))] == together.tolist()


@FIXED
@given(FOUND, WEIGHTS, st.floats(0, 1), st.floats(0, 10))
def test_more_meaning_or_more_words_never_lower_a_fused_score(
    rows: list[Row], weight: float, nearer: float, more: float
) -> None:
    cosines, nearest, bm25, coverage = columns(rows)
    before = fuse(cosines, nearest, bm25, coverage, weight)
    for higher in (
        fuse(cosines + nearer, nearest, bm25, coverage, weight),
        fuse(cosines, nearest + nearer, bm25, coverage, weight),
        fuse(cosines, nearest, bm25 + more, coverage, weight),
        fuse(cosines, nearest, bm25, coverage + nearer, weight),
    ):
        assert (higher >= before - 1e-6).all()


def test_a_question_without_a_word_to_search_for_is_fused_by_meaning_alone() -> None:
    cosines, nearest, bm25, none = columns([(0.5, 0.7, 3.0, 0.0)])
    for coverage in (none, None):
        assert fuse(cosines, None, bm25, coverage, 0.0) == pytest.approx(MEANING * 0.5)
        assert fuse(cosines, cosines, bm25, coverage, 0.0) == pytest.approx(MEANING * 0.5)
        assert fuse(cosines, None, bm25, coverage, 0.0) < fuse(cosines, nearest, bm25, coverage, 0.0)


def test_a_passage_that_means_and_holds_all_has_the_most_there_is() -> None:
    cosines, nearest, bm25, coverage = columns([(1.0, 1.0, 999.0, 1.0)])
    assert fuse(cosines, nearest, bm25, coverage, 3.0) == pytest.approx(1.0)
    assert fuse(cosines, nearest, bm25, None, 3.0) == pytest.approx(1.0)
    assert pytest.approx(1.0) == MEANING + LEXICAL + COVERAGE


@FIXED
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(2, 16))
def test_feedback_gives_a_unit_vector_nearer_to_what_was_found(seed: int, passages: int, dimensions: int) -> None:
    chance = numpy.random.default_rng(seed)
    rows = chance.normal(size=(passages + 1, dimensions)).astype(numpy.float32)
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    vector, best = rows[0], rows[1:]
    moved = with_feedback(vector, best)
    assert moved.dtype == numpy.float32
    assert numpy.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
    mean = best.mean(axis=0)
    assert moved @ mean >= vector @ mean - 1e-5


@FIXED
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 4), min_size=1, max_size=9), st.integers(2, 12))
def test_the_nearest_sentence_is_the_oracle_s(
    tmp_path_factory: pytest.TempPathFactory, seed: int, counts: list[int], dimensions: int
) -> None:
    chance = numpy.random.default_rng(seed)
    vectors = chance.normal(size=(sum(counts), dimensions)).astype(numpy.float32)
    vectors /= numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    bounds = numpy.concatenate([[0], numpy.cumsum(counts)])
    folder = tmp_path_factory.mktemp("sentences")
    write_sentences(folder / "a.npy", folder / "b.npy", SentenceRows(directions(vectors), bounds))
    index = SentenceIndex(folder / "a.npy", folder / "b.npy")
    question = chance.normal(size=dimensions).astype(numpy.float32)
    question /= numpy.linalg.norm(question)
    asked_for = chance.permutation(numpy.flatnonzero(counts))
    nearest = index.nearest(question, asked_for)
    assert nearest.dtype == numpy.float32
    kept = index.cosines(question, {int(row): counts[row] for row in asked_for})
    for row, cosine in zip(asked_for.tolist(), nearest.tolist(), strict=True):
        oracle = vectors[bounds[row] : bounds[row + 1]] @ question
        assert cosine == pytest.approx(float(oracle.max()), abs=0.012)  # bytes, and few dimensions to average over
        assert cosine == pytest.approx(max(kept[row]), abs=1e-6)
        assert kept[row] == pytest.approx(oracle.tolist(), abs=0.012)
    assert index.count(asked_for).tolist() == [counts[row] for row in asked_for]


@WRITING
@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=2)), min_size=1, max_size=12),
    st.lists(WORDS, max_size=3),
    st.lists(WORDS, max_size=2),
    st.sets(st.integers(0, 11)),
)
def test_scores_that_are_looked_up_are_those_of_the_search(
    tmp_path_factory: pytest.TempPathFactory,
    passages: list[tuple[list[str], list[str]]],
    text: list[str],
    synonyms: list[str],
    wanted: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("lexical") / "lexical"
    index = lexical_index(folder, [(" ".join(words), " ".join(above)) for words, above in passages])
    said, meant = " ".join(text), " ".join(synonyms)
    searched = index.search(said, len(passages), synonyms=meant)
    rows = sorted(wanted & set(range(len(passages))))
    assert index.scores(said, rows, synonyms=meant) == [pair for pair in searched if pair[0] in rows]
    assert index.scores(said, range(len(passages)), synonyms=meant) == searched


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We examined whether magnesium lowers blood pressure.", "aim"),
        ("The aim of this study was to compare two doses.", "aim"),
        ("It is still unknown how memantine acts.", "aim"),
        ("Little is known of its effects in children.", "aim"),
        ("Does magnesium help?", "aim"),
        ("To determine whether\nketamine helps, 40 people were asked.", "aim"),
        ("We found that magnesium lowers blood pressure.", "finding"),
        ("These results suggest that the dose matters.", "finding"),
        ("Mortality was significantly lower (p < 0.05).", "finding"),
        ("In conclusion, memantine was no better than placebo.", "finding"),
        ("We examined whether it helps and found that the drug was associated with relief.", "finding"),
        ("People with kidney disease should not take magnesium.", "plain"),
        ("Magnesium blocks the channel of the receptor.", "plain"),
        ("The author aims for the ball.", "plain"),
        ("", "plain"),
    ],
)
def test_what_kind_of_statement_a_sentence_makes(sentence: str, kind: Statement) -> None:
    assert statement(sentence) == kind


def test_of_two_sentences_as_near_the_one_that_was_found_goes_before_the_one_that_was_asked() -> None:
    passage = Passage("p", "d", 0, 30, ((0, 10), (10, 20), (20, 30)), (), AUTHOR, None, None)
    words = PassageWords((("salt",), ("salt",), ("salt",)), ("aim", "plain", "finding"), (None, None, "effect"))
    terms = asked(Expansion("salt tea"), Counted())
    aim, plain, finding = match_sentences(terms, passage, words, [0.5, 0.5, 0.5])
    assert aim.score < plain.score < finding.score
    assert (plain.side, finding.side) == (None, "effect")
    assert (aim.span, aim.cosine, aim.coverage) == ((0, 10), 0.5, 0.5)


class Counted:
    """A vocabulary in which every word weighs the same."""

    def terms(self, text: str) -> list[str]:
        return text.lower().split()

    def contains(self, term: str) -> bool:
        return term != "kryptonite"

    def inverse_document_frequency(self, term: str) -> float:
        return 1.0


def test_a_question_of_no_word_at_all_covers_nothing() -> None:
    terms = asked(Expansion(""), Counted())
    assert (terms.weight, terms.coverage(["salt"]), terms.missing, terms.missing_words) == (0, 0.0, 0.0, ())


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
SIDES = st.sampled_from([*get_args(Side), None])


@FIXED
@given(st.lists(st.tuples(TEXTS, st.sampled_from(get_args(Statement)), SIDES), max_size=5), st.integers(1, 3))
def test_a_passage_s_words_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[tuple[str, Statement, Side | None]], count: int
) -> None:
    terms = analyzer().analyze
    words = PassageWords(
        tuple(tuple(terms(text)) for text, _, _ in sentences),
        tuple(kind for _, kind, _ in sentences),
        tuple(side for _, _, side in sentences),
    )
    file = tmp_path_factory.mktemp("words") / "store.sqlite"
    document = Document("d", "a.txt", "", "text/plain", "utf-8", "Of salt", "salt", (), CatalogueEntry())
    passages = [
        StoredPassage(Passage(f"p{n}", "d", 0, 4, ((0, 4),), (), AUTHOR, None, None), "", f"k{n}", words, ())
        for n in range(count)
    ]
    write_store(file, [(document, passages)])
    store = Store(file, Numbering([("d", count)]))
    assert store.words(range(count)) == dict.fromkeys(range(count), words)
    store.close()


@FIXED
@given(st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=6))
def test_a_row_is_looked_up_once(asked_for: list[list[int]]) -> None:
    looked: list[int] = []

    def look(rows: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
        looked.extend(rows.tolist())
        return rows * 2, numpy.stack([rows, rows + 1], axis=1)

    lookup = LookedUpOnce(look)
    for rows in asked_for:
        doubled, pairs = lookup(numpy.array(rows, dtype=numpy.int64))
        assert doubled.tolist() == [2 * row for row in rows]
        assert pairs.tolist() == [[row, row + 1] for row in rows]
    assert sorted(looked) == sorted({row for rows in asked_for for row in rows})


@FIXED
@given(st.lists(st.lists(st.integers(0, 8), max_size=6), max_size=5))
def test_documents_are_described_in_the_order_of_their_paths_whichever_were_asked_for_before(
    tmp_path_factory: pytest.TempPathFactory, asked_for: list[list[int]]
) -> None:
    file = tmp_path_factory.mktemp("described") / "store.sqlite"
    documents = [
        Document(
            f"d{number}", f"{9 - number}.txt", "", "text/plain", "utf-8", f"Of {number}", "salt", (), CatalogueEntry()
        )
        for number in range(6)
    ]
    write_store(file, [(document, []) for document in documents])
    store = Store(file)
    assert list(store.described()) == [f"d{number}" for number in range(5, -1, -1)]
    for numbers in asked_for:
        found = store.described([f"d{number}" for number in numbers])
        assert list(found) == [f"d{number}" for number in sorted({*numbers} & {*range(6)}, reverse=True)]
        assert all((found[id_].id, found[id_].title) == (id_, f"Of {id_[1:]}") for id_ in found)
    store.close()


def test_reciprocal_rank_fusion() -> None:
    fused = reciprocal_rank_fusion([(7, 0.9), (8, 0.8)], [(8, 5.0), (9, 1.0)])
    assert fused == [(8, 1 / 62 + 1 / 61), (7, 1 / 61), (9, 1 / 62)]
    assert reciprocal_rank_fusion([], []) == []


@WRITING
@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=2)), min_size=1, max_size=12),
    st.dictionaries(WORDS, st.floats(0.125, 9, width=32), max_size=4),
    st.dictionaries(WORDS, st.lists(st.frozensets(WORDS, min_size=1), min_size=1, max_size=2).map(tuple)),
    st.sets(st.integers(0, 11)),
)
def test_the_weight_that_passages_hold_is_the_coverage_of_their_words(
    tmp_path_factory: pytest.TempPathFactory,
    passages: list[tuple[list[str], list[str]]],
    weights: dict[str, float],
    alternatives: dict[str, tuple[frozenset[str], ...]],
    wanted: set[int],
) -> None:
    """What the index counts is what `Asked.coverage` counts of the words themselves; the words here are their stems."""
    folder = tmp_path_factory.mktemp("lexical") / "lexical"
    index = lexical_index(folder, [(" ".join(words), " ".join(above)) for words, above in passages])
    rows = sorted(wanted & set(range(len(passages))))
    held = index.matched_weights(weights, alternatives, rows)
    terms = Asked("", "", weights, alternatives, (), 0.0)
    for row in rows:
        words, above = passages[row]
        assert held.get(row, 0.0) == pytest.approx(terms.weight * terms.coverage([*words, *above]), rel=1e-5)
    assert held.keys() <= set(rows)


@FIXED
@given(st.lists(WORDS | st.just("kryptonite"), min_size=1, max_size=5, unique=True), st.lists(WORDS, max_size=8))
def test_coverage_is_the_weighed_share_of_the_question(question: list[str], held: list[str]) -> None:
    terms = asked(Expansion(" ".join(question)), Counted())
    weight = {word: UNKNOWN_WEIGHT if word == "kryptonite" and len(question) > 1 else 1.0 for word in question}
    total = sum(weight.values())
    assert terms.coverage(held) == pytest.approx(sum(weight[word] for word in set(question) & set(held)) / total)
    assert terms.coverage(question) == pytest.approx(1.0)
    assert terms.missing == pytest.approx(weight.get("kryptonite", 0.0) / total)
    assert terms.missing_words == (("kryptonite",) if "kryptonite" in question else ())
