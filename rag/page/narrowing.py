"""Choose the filters of a search. The choice is read before the boxes are drawn, so that an answer does not wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from rag.answer.engine import Engine
from rag.core.types.answers import Filters
from rag.page.html import page_html as page
from rag.page.shared import sources


class Offered(NamedTuple):
    """What a search can be narrowed to, as `rag.page.html.page_html.choices` and `inclusions` return it."""

    choices: Mapping[str, tuple[str, dict[str, str]]]
    inclusions: Mapping[str, str]


@st.cache_resource(show_spinner=False, max_entries=1)
def offered(_engine: Engine, generation: str) -> Offered:
    """Return what a search can be narrowed to in an index."""
    documents = [document for document, _ in sources(_engine, generation)]
    there = {name: (label, options) for name, (label, options) in page.choices(documents).items() if options}
    return Offered(there if documents else {}, page.inclusions(documents))


def filters(offer: Offered) -> Filters:
    """Return what is chosen; the choice outlives a look at another view and another index."""
    kept = st.session_state.setdefault("narrowed", {})
    asked: dict[str, Any] = {}
    for name, (_, options) in offer.choices.items():
        chosen = st.session_state.get(f"narrow-{name}", kept.get(name, []))
        kept[name] = [each for each in chosen if each in options]
        asked[name] = tuple(kept[name])
    for name in offer.inclusions:
        asked[name] = kept[name] = st.session_state.get(f"narrow-{name}", kept.get(name, False))
    return Filters(**asked)


def boxes(offer: Offered) -> None:
    """Let it be chosen what is searched; what is chosen already has been read by `filters`."""
    if not offer.choices:
        return
    kept = st.session_state.narrowed
    with st.expander("Narrow the search"):
        st.html(page.NARROWING)
        for name, (label, options) in offer.choices.items():
            st.session_state[f"narrow-{name}"] = kept[name]
            st.multiselect(label, list(options), format_func=options.__getitem__, key=f"narrow-{name}")
        for name, label in offer.inclusions.items():
            st.session_state[f"narrow-{name}"] = kept[name]
            st.checkbox(label, key=f"narrow-{name}")
