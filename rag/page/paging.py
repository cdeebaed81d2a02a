"""Show long tables a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Row = TypeVar("Row")


def paged(key: str, rows: Sequence[Row], size: int) -> Sequence[Row]:
    """Return the rows of the page that is chosen, and let another be chosen where there is more than one."""
    pages = max(1, -(-len(rows) // size))
    if pages == 1:
        return rows
    kept = f"{key}-page"
    st.session_state[kept] = min(st.session_state.get(kept, 1), pages)  # fewer may be left than there were
    number = st.number_input(f"Page, of {pages:,}", 1, pages, key=kept)
    first = (number - 1) * size
    st.text(f"{first + 1:,} to {min(first + size, len(rows)):,} of {len(rows):,}")
    return rows[first : first + size]
