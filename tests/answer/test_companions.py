"""What comes along with a highlighted sentence: caveats, a list's lead-in, a table's first row."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from rag.answer.companions import companions
from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.documents import Document, Source
from rag.core.types.passages import Passage
from rag.readers.registry import read_document
from rag.render.json_records import answer_record
from rag.render.markdown import answer_markdown
from rag.render.markup import answer_html
from rag.text.splitting import sentence_spans


def read(text: str) -> Document:
    data = text.encode()
    return read_document(Source("a.md", sha256(data).hexdigest()), data)


def passage(document: Document, first: str, last: str) -> Passage:
    """The stretch of a document from the block that holds some words to the one that holds others."""
    begin, end = (
        next(b for b in document.blocks if words in document.text[b.start : b.end]) for words in (first, last)
    )
    sentences = tuple(
        span
        for block in document.blocks
        if begin.start <= block.start and block.end <= end.end and block.kind != "heading"
        for span in (
            [(block.start, block.end)]
            if block.kind == "table row"
            else sentence_spans(document.text, block.start, block.end)
        )
    )
    return Passage("p", document.id, begin.start, end.end, sentences, begin.section, begin.attribution, None, None)


def along(document: Document, held: Passage, marked: str, *beside: Passage) -> list[tuple[str, str]]:
    span = next(span for span in held.sentences if marked in document.text[slice(*span)])
    found = companions(document, held, [span], beside)
    assert all(each.text == document.text[each.start : each.end] for each in found)
    return [(each.kind, each.text) for each in found]


LIST = """# Salt

It is old. Do not take salt if you have:

- a weak heart
- a sick kidney
- a fever

It tastes of the sea.
"""
TABLE = """# Doses

| Herb | What it did |
|---|---|
| Sage | It calmed |
| Mint | It woke |
"""


def test_an_item_brings_its_lists_lead_in_from_the_same_passage() -> None:
    document = read(LIST)
    assert along(document, passage(document, "It is old", "a fever"), "sick kidney") == [
        ("lead-in", "Do not take salt if you have:")
    ]


def test_an_item_brings_its_lists_lead_in_from_another_passage() -> None:
    document = read(LIST)
    held = passage(document, "a sick kidney", "a fever")
    assert along(document, held, "a fever") == [("lead-in", "Do not take salt if you have:")]


def test_a_row_brings_the_tables_first_row_and_the_first_row_nothing() -> None:
    document = read(TABLE)
    assert along(document, passage(document, "Mint", "Mint"), "Mint") == [("header", "Herb\tWhat it did")]
    assert along(document, passage(document, "Herb", "Mint"), "Herb") == []


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Salt calms. However, it tires the eyes.", "Salt calms", ["However, it tires the eyes."]),
        ("Note that it is salt. Salt calms the heart.", "Salt calms", ["Note that it is salt."]),
        ("Unless you are ill, wait. Salt calms the heart.", "Salt calms", ["Unless you are ill, wait."]),
        ("But it tires the eyes. Salt calms the heart.", "Salt calms", []),
        ("Tea is hot. Salt calms the heart. Tea is wet.", "Salt calms", []),
    ],
)
def test_a_caveat_beside_a_sentence_comes_along(text: str, marked: str, expected: list[str]) -> None:
    document = read(f"# Salt\n\n{text}\n")
    held = passage(document, text[:8], text[:8])
    assert along(document, held, marked) == [("caveat", caveat) for caveat in expected]


def test_a_caveat_at_the_beginning_of_the_next_passage_comes_along() -> None:
    document = read("# Salt\n\nSalt calms the heart.\n\nDo not take it at sea. Tea is hot.\n")
    held, after = passage(document, "Salt calms", "Salt calms"), passage(document, "Do not", "Do not")
    assert along(document, held, "Salt calms", after) == [("caveat", "Do not take it at sea.")]


@pytest.mark.parametrize(
    "text",
    [
        "# Salt\n\nSalt calms the heart.\n\n## Tea\n\nDo not drink it hot.\n",
        "# Salt\n\nSalt calms the heart.\n\n> Do not take it at sea.\n",
    ],
)
def test_what_stands_under_another_heading_or_is_said_by_another_does_not_come_along(text: str) -> None:
    document = read(text)
    held, after = passage(document, "Salt calms", "Salt calms"), passage(document, "Do not", "Do not")
    assert along(document, held, "Salt calms", after) == []


def test_a_paragraph_before_a_list_that_leads_nowhere_stays_behind() -> None:
    document = read("# Salt\n\nIt is old.\n\n- a weak heart\n")
    assert along(document, passage(document, "a weak heart", "a weak heart"), "weak heart") == []


def test_what_comes_along_is_on_every_surface(seeded: Callable[[Path], Path], tmp_path: Path) -> None:
    items = "\n".join(f"- the {place} ache that comes with wind and rain and goes with the sun" for place in range(60))
    text = f"# Sage\n\nDo not take sage with:\n\n{items}\n- a stone in the bladder that hurts at night\n"
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "sage.md").write_text(text)
    settings = Settings(corpus=tmp_path / "corpus", index=seeded(tmp_path / "index"))
    build(settings)
    answer = open_index(settings.index, settings.corpus).ask("a stone in the bladder that hurts at night", quotes=1)
    (quote,) = answer.quotes
    assert "Do not take sage" not in quote.text
    assert [(each.kind, each.text) for each in quote.companions] == [("lead-in", "Do not take sage with:")]
    assert answer_record(answer)["quotes"][0]["along"][0]["text"] == "Do not take sage with:"
    for shown in (answer_html(answer).replace("&#x27;", "'"), answer_markdown(answer).replace("\\", "")):
        assert (
            shown.index("The list's lead-in") < shown.index("Do not take sage with:") < shown.rindex("in the bladder")
        )
