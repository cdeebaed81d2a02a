"""What a cross-encoder is given: never too long, whole sentences where they fit, and each token its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.encoder.reading_input import CLS, MOST_TOKENS, NO_SENTENCE, SEP, reading_input, window

TOKENS = st.integers(1_000, 30_000)
SENTENCES = st.lists(st.lists(TOKENS, min_size=1, max_size=200), min_size=1, max_size=12)


@given(st.lists(TOKENS, max_size=2_000), st.lists(TOKENS, max_size=60), SENTENCES, st.data())
def test_what_is_read_fits_and_says_whose_each_token_is(
    question: list[int], above: list[int], sentences: list[list[int]], data: st.DataObject
) -> None:
    around = data.draw(st.integers(0, len(sentences) - 1))
    read = reading_input(question, above, sentences, around, data.draw(st.integers(0, 2**20)))
    assert len(read.ids) == len(read.types) == len(read.sentence) <= MOST_TOKENS
    assert (read.ids[0], read.ids[-1]) == (CLS, SEP)
    assert around in read.sentences
    assert read.types == sorted(read.types)
    for number in read.sentences:
        own = [token for token, sentence in zip(read.ids, read.sentence, strict=True) if sentence == number]
        assert own == sentences[number][: len(own)]
        assert own
    assert {each for each in read.sentence if each != NO_SENTENCE} == set(read.sentences)
    whole = [number for number in read.sentences if sentences[number] and number != around]
    assert all(read.sentence.count(number) == len(sentences[number]) for number in whole)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(10, 120), st.data())
def test_no_sentence_more_would_fit_beside_those_that_are_read(
    lengths: list[int], room: int, data: st.DataObject
) -> None:
    around = data.draw(st.integers(0, len(lengths) - 1))
    chosen = window(lengths, around, room, data.draw(st.integers(0, 2**20)))
    used = sum(lengths[number] for number in chosen)
    assert used <= max(room, lengths[around])
    for near in (chosen.start - 1, chosen.stop):
        assert not 0 <= near < len(lengths) or used + lengths[near] > room


def test_a_long_question_is_cut_in_its_middle() -> None:
    read = reading_input(range(1_000, 1_100), [], [[2_000]], 0)
    asked = read.ids[1 : read.ids.index(SEP)]
    assert asked == [*range(1_000, 1_013), *range(1_073, 1_100)]


def test_nothing_stands_above() -> None:
    assert reading_input([1_000], [], [[2_000, 2_001], [2_002]], 1).ids == [CLS, 1_000, SEP, 2_000, 2_001, 2_002, SEP]
