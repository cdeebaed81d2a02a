"""Show the text of a document: whole, a stretch of a long one, or page by page beside pictures of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from rag.answer.engine import Engine
from rag.core.media_types import PDF
from rag.core.types.documents import Block, Document
from rag.page.html import page_html as page
from rag.page.html.document_html import MARKED, HitSpan, document_html, heading_names, headings, outline_html
from rag.page.html.page_picture_html import picture_html
from rag.page.session_pictures import picture_of
from rag.readers.pdf.pictures.picture import PagePicture

LONGEST = 1_200_000
"""Up to how many characters a document is shown whole at once: in about two seconds."""

STRETCH = 100_000
"""How many characters of a longer one are shown at once."""


def show(engine: Engine, document: Document, marked: HitSpan | None, others: Sequence[HitSpan]) -> None:
    """Show a document's text with what was found marked."""
    key = f"{document.id}-{marked.start if marked else ''}"
    if st.session_state.get("scroll_to") == MARKED:  # gone to, so wherever it was left the last time
        for field in ("page", "stretch"):
            st.session_state.pop(f"{field}-{key}", None)
    if document.media_type == PDF:
        pages(engine, document, marked, others, key)
    elif len(document.text) > LONGEST and not everything("Show all of the text", document, MARKED):
        stretch(document, marked, others, key)
    else:
        whole(document, marked, others)


def whole(document: Document, marked: HitSpan | None, others: Sequence[HitSpan]) -> None:
    """Show all of a text under its outline."""
    if outline := outline_html(document):
        st.html(outline)
    st.html(document_html(document, marked, others))


def stretch(document: Document, marked: HitSpan | None, others: Sequence[HitSpan], key: str) -> None:
    """Show a stretch of a long text: around what was found, or from where it was turned to."""
    field = f"stretch-{key}"
    begin, end = around(document.blocks, st.session_state.get(field, marked.start if marked else 0), STRETCH)

    def turn(to: int) -> None:
        st.session_state[field] = to
        st.session_state.scroll_to = "rag-shown"

    share = (end - begin) / len(document.text)
    st.html(
        page.notice_html(
            f"This document is long: shown are {end - begin:,} of its {len(document.text):,} characters ({share:.0%}), "
            f"{'around the hit' if marked and begin <= marked.start < end else 'from where you chose'}."
        )
    )
    by_heading(document, key, lambda block: turn(block.start))
    with st.container(horizontal=True):
        st.button("Show what is before", disabled=begin <= 0, on_click=turn, args=(begin - 1,))
        st.button("Show what comes after", disabled=end >= len(document.text), on_click=turn, args=(end + 1,))
    st.html(document_html(document, marked, others, (begin, end)))


def pages(engine: Engine, document: Document, marked: HitSpan | None, others: Sequence[HitSpan], key: str) -> None:
    """Show the pages of a PDF file, one at a time: a picture, and its text beside it."""
    field = f"page-{key}"
    number = st.session_state.setdefault(field, _page_of(document, marked))
    spans = [(hit.start, hit.end) for hit in ([marked] if marked else [])]
    also = [(hit.start, hit.end) for hit in others]
    picture = picture_of(engine, document, number, [*(spans or [(0, 0)]), *also])
    count = picture.pages if isinstance(picture, PagePicture) else max(each.page or 1 for each in document.blocks)

    def turn(to: int) -> None:
        st.session_state[field] = to
        if st.session_state.get(f"whole-{document.id}"):
            st.session_state.scroll_to = f"rag-page-{to}"

    def jump(block: Block) -> None:
        turn(block.page or 1)
        st.session_state.scroll_to = f"rag-heading-{headings(document).index(block)}"

    with st.container(horizontal=True, vertical_alignment="bottom", key="pages"):
        st.button("Previous page", disabled=number <= 1, on_click=turn, args=(number - 1,))
        st.button("Next page", disabled=number >= count, on_click=turn, args=(number + 1,))
        st.number_input(f"Page (of {count:,})", 1, count, key=field, width=160)
        by_heading(document, key, jump)
    in_full = everything("Show the text of all pages", document, MARKED if marked else f"rag-page-{number}")
    drawn, text = st.columns(2, gap="medium")
    with drawn:
        st.html(picture_html(picture) if isinstance(picture, PagePicture) else page.notice_html(picture))
    with text:
        on_page = [block for block in document.blocks if block.page == number]
        if in_full:
            whole(document, marked, others)
        elif on_page:
            st.html(document_html(document, marked, others, (on_page[0].start, on_page[-1].end)))
        else:
            st.html(page.notice_html("There is no text on this page."))


def everything(label: str, document: Document, here: str) -> bool:
    """Let all of a text be shown; `here` is what the reader is at, and stays at."""

    def stay() -> None:
        st.session_state.scroll_to = here

    return st.checkbox(label, key=f"whole-{document.id}", on_change=stay)


def by_heading(document: Document, key: str, go: Callable[[Block], None]) -> None:
    """Let a heading be gone to; for where not all of the text is shown, so that links would lead nowhere."""
    names = heading_names(document)
    if not names:
        return
    field = f"heading-{key}"

    def chosen() -> None:
        if (number := st.session_state[field]) is not None:
            go(headings(document)[number])
            st.session_state[field] = None

    st.selectbox(
        "Go to a heading",
        range(len(names)),
        index=None,
        format_func=names.__getitem__,
        placeholder=f"Choose one of {len(names):,}",
        key=field,
        on_change=chosen,
    )


def around(blocks: Sequence[Block], place: int, size: int) -> tuple[int, int]:
    """Return the span of the blocks around a place that hold about so many characters, most of them after it."""
    at = next((number for number, block in enumerate(blocks) if place < block.end), len(blocks) - 1)
    first = last = at
    while first > 0 and blocks[at].start - blocks[first - 1].start <= size // 4:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].end - blocks[first].start <= size:
        last += 1
    return blocks[first].start, blocks[last].end


def _page_of(document: Document, marked: HitSpan | None) -> int:
    if marked is None:
        return 1
    return next((each.page or 1 for each in document.blocks if marked.start < each.end), 1)
