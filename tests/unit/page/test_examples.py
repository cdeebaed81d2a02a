"""Questions to begin with: of the corpus's own headings, and of none that reads badly or could be interpreted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.types.documents import CatalogueEntry, Document
from rag.page.examples import chosen, reads_well


def document(name: str, title: str) -> Document:
    """Return a document of which only the title matters."""
    return Document(name, f"{name}.md", "", "text/markdown", "utf-8", title, "", (), CatalogueEntry())


def test_documents_take_turns_and_nothing_is_doubled() -> None:
    documents = {name: document(name, f"All of {name}bulin") for name in "abc"}
    sections = [
        ("a", ("All of abulin",)), ("a", ("All of abulin", "Abulin and sleep")), ("a", ("Abulin and food",)),
        ("a", ("Abulin and rest",)), ("b", ("Overview",)), ("b", ("Bbulin and sleep",)), ("c", ("BBULIN and sleep",)),
        ("c", ("Something else",)),
    ]  # fmt: skip
    frame = "What do the documents say about “{}”?".format
    assert chosen(documents, sections) == [
        frame("Abulin and sleep"), frame("Bbulin and sleep"), frame("Abulin and food"), frame("Abulin and rest"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "well"),
    [
        ("Side effects of ketamine", True), ("Is magnesium safe?", True), ("Überdosis und Folgen", True),
        ("Overview", False), ("References and notes", False), ("What ketamine is", False), ("Magnesium?", False),
        ("Salt", False), ("12345678", False), ("x" * 49, False), ("Costs $5 and $6", False), (":red[hi] there", False),
        ("**bold** words", False), ("a <b> of things", False), ("www.example.org", False), ("Salt -- and sugar", False),
        ("Salt -> sugar", False), ("1. Salt and sugar", False), ("`code` and more", False), ("# Salt and sugar", False),
        (" Salt and sugar", False), ("Salt\nand sugar", False), ("Salt \u202eand sugar", False),
        ("_salt_ sugar", False),
    ],
)  # fmt: skip
def test_a_heading_reads_well_or_not(heading: str, well: bool) -> None:
    assert reads_well(heading) == well


@given(st.text(min_size=8, max_size=48))
def test_nothing_that_could_be_interpreted_reads_well(heading: str) -> None:
    if reads_well(heading):
        assert not set(heading) & set('*_`$:<>[]()#~|\\/&{}@.!^=+%"\n\t')
        assert "--" not in heading
