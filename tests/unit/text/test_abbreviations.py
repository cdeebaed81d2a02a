"""Abbreviations that a text defines."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.abbreviations import abbreviations


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("People with restless legs syndrome (RLS) sleep badly.", [("RLS", "restless legs syndrome")]),
        ("RLS (restless legs syndrome) is common.", [("RLS", "restless legs syndrome")]),
        ("the N-methyl-D-aspartate (NMDA) receptor", [("NMDA", "N-methyl-D-aspartate")]),
        (
            "motor neurone disease, or amyotrophic lateral sclerosis (ALS; see below)",
            [("ALS", "amyotrophic lateral sclerosis")],
        ),
        ("selective serotonin reuptake inhibitors (SSRIs)", [("SSRIs", "selective serotonin reuptake inhibitors")]),
        ("low blood pressure (BP) in the United Kingdom (UK)", [("BP", "blood pressure"), ("UK", "United Kingdom")]),
        ("It helped 10 people (see Figure 2).", []),
        ("It was dear (USD).", []),
        ("Nothing of it ends here. (OTC)", []),
        ("a tablet (20 mg)", []),
        ("magnesium (Mg)", []),
    ],
)  # fmt: skip
def test_what_is_defined_is_found(text: str, defined: list[tuple[str, str]]) -> None:
    assert list(abbreviations(text)) == defined


@given(st.text(alphabet=string.ascii_letters + " ().;-\n", max_size=400))
def test_both_forms_stand_in_the_text_and_the_long_one_spells_the_short_one(text: str) -> None:
    for short, long in abbreviations(text):
        assert short in text
        assert long in text
        rest = iter(long.lower())
        assert all(letter in rest for letter in short.lower() if letter.isalnum())
        assert long[0].lower() == short[0].lower()
