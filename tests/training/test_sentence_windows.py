"""Windows of whole sentences: they hold their span, begin and end with sentences, and are not too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples
from support.scripts import training_script

windows = training_script("sentence_windows")

SENTENCES = st.lists(st.integers(1, 30), min_size=1, max_size=12)


def text_of(lengths: list[int]) -> str:
    return " ".join(" ".join(f"w{number}x{n}" for n in range(length)) + "." for number, length in enumerate(lengths))


def test_sentences_are_told_apart() -> None:
    text = 'Dr. Reed came. "Was it late?" Yes!\nA line without a mark\nMr. J. Hill left.'
    found = [text[start:end] for start, end in windows.sentences(text)]
    assert found == ["Dr. Reed came.", '"Was it late?"', "Yes!", "A line without a mark", "Mr. J. Hill left."]


@examples(200)
@given(lengths=SENTENCES, chance=st.floats(0, 1), data=st.data())
def test_a_window_holds_its_span(lengths: list[int], chance: float, data: st.DataObject) -> None:
    text = text_of(lengths)
    at = data.draw(st.integers(0, len(text.split()) - 1))
    start = len(" ".join(text.split()[:at])) + (at > 0)
    span = (start, start + len(text.split()[at].rstrip(".")))
    begin, end = windows.window(text, span, chance, 40)
    assert begin <= span[0] < span[1] <= end
    starts, ends = zip(*windows.sentences(text), strict=True)
    assert begin in starts and end in ends
    assert len(text[begin:end].split()) <= max(40, *lengths)


def test_a_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    text = text_of([50])
    assert windows.shortened(text, 0, 10) == (0, len(" ".join(text.split()[:10])))


def test_the_likeliest_window_speaks_of_what_is_asked() -> None:
    text = "Rye grows here. " * 30 + "The weir was built of oak. It still stands."
    begin, end = windows.likeliest(text, "What was the weir built of?", 20)
    assert "built of oak" in text[begin:end]
