"""Tokens that are put together: punctuation as people write it, and spans that hold the same words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.cases import check_each
from support.properties import examples
from support.scripts import training_script

joining = training_script("token_joining")

CASES = [
    ("the mill , it 's said , was n't old .", "the mill, it's said, wasn't old."),
    ("he said `` go on '' -lrb- twice -rrb- ; why ?", 'he said "go on" (twice); why?'),
    ('she called it " the barn " and left .', 'she called it "the barn" and left.'),
    ("the millers ' house [ 3 ] cost $ 40 or 20 % more", "the millers' house [3] cost $40 or 20% more"),
    ("pages 18 -- 49 -- all of them", "pages 18–49 – all of them"),
]


def test_punctuation_stands_as_people_write_it() -> None:
    def check(tokens: str, text: str) -> None:
        assert joining.joined(tokens).text == text

    check_each(CASES, check)


def test_hyphens_and_thousands_are_joined_where_the_source_spaces_them() -> None:
    spaced = "a second - largest mill of 4 , 500 sacks"
    assert joining.joined(spaced, hyphens=True).text == "a second-largest mill of 4,500 sacks"
    assert joining.joined("- the mill - a barn").text == "- the mill - a barn"


def test_a_span_holds_the_same_words() -> None:
    text = "it stood by `` the old weir '' , they say ."
    start = text.index("``")
    end = text.index("'' ") + 2
    made = joining.joined(text, ((start, end),))
    assert made.text[slice(*made.spans[0])] == '"the old weir"'


TOKENS = st.lists(st.sampled_from("the mill 's , . `` '' -lrb- -rrb- n't 18 -- $ % ' \" - ; a".split()), min_size=1)


@examples(300)
@given(tokens=TOKENS, data=st.data())
def test_spans_stay_exact(tokens: list[str], data: st.DataObject) -> None:
    text = " ".join(tokens)
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    start = len(" ".join(tokens[:first])) + (first > 0)
    end = len(" ".join(tokens[: last + 1]))
    for hyphens in (False, True):
        made = joining.joined(text, ((start, end),), hyphens=hyphens)
        inside = made.text[slice(*made.spans[0])]
        whole = joining.joined(text, hyphens=hyphens).text
        names = joining._NAMES_OF_SIGNS
        assert made.text == whole
        assert "".join(inside.split()) == "".join(names.get(token, token) for token in tokens[first : last + 1])
