"""Show the Map view: the topics of the corpus, and where the last question stands among them."""

from __future__ import annotations

import streamlit as st

from rag.answer.conversation import Conversation
from rag.answer.engine import Engine
from rag.core.types.answers import Answer
from rag.page.found_places import OpenedPassage
from rag.page.html import map_html as drawing
from rag.page.html import page_html as page
from rag.page.html.document_html import MARKED
from rag.page.mapping import CorpusMap, MappedQuestion, map_corpus, marked_apart, place_question
from rag.page.shared import engine_or_reason, go_to, sources

MOST_ROWS = 200


def view() -> None:
    """Show the topics of the corpus, and where the last question stands among them."""
    st.html(page.top_html("Map"))
    engine = engine_or_reason()
    if engine is None:
        return
    there = sources(engine, str(engine.index.path))
    corpus = mapped(engine, str(engine.index.path))
    if not corpus.points:
        st.html(page.notice_html("There is nothing to show: the corpus has no passage that can be quoted."))
        return
    apart = marked_apart({document.id: passages for document, passages in there})
    answer = last_answer()
    question = placed(engine, corpus, answer) if answer and not answer.is_withheld else None
    if answer and question:
        st.html(drawing.asked_html(answer.searched_as, is_quoted=bool(answer.quotes)))
    elif answer:
        st.html(page.notice_html("Your last question is not marked: nothing was searched for it."))
    else:
        st.html(page.notice_html("Ask a question, and it is marked here with the passages that are nearest to it."))
    st.html(drawing.map_html(corpus, apart, {document.id: document.title for document, _ in there}, question))
    st.html(drawing.map_words(corpus))
    if answer and question:
        nearest(engine, question, answer)
    st.html('<h2 class="rag-subtitle">Sources</h2>' + drawing.map_sources_html(there, apart, MOST_ROWS))


@st.cache_resource(show_spinner="Drawing the map…", max_entries=1)
def mapped(_engine: Engine, generation: str) -> CorpusMap:
    """Return the map of an index, drawn once for all sessions."""
    return map_corpus(_engine.index)


def last_answer() -> Answer | None:
    """Return what was said last in this session."""
    asked: Conversation | None = st.session_state.get("asked")
    return asked.turns[-1].answer if asked and asked.turns else None


def placed(engine: Engine, corpus: CorpusMap, answer: Answer) -> MappedQuestion:
    """Place a question that was answered, or not, on the map."""
    vector = engine.encoder.encode([answer.searched_as])[0]
    return place_question(engine.index, corpus, vector, [quote.passage.id for quote in answer.quotes])


def _shown_as(passage_id: str, answer: Answer) -> str:
    """Say as what a passage was shown with an answer; nothing where it was not."""
    ranks = {quote.passage.id: quote.rank for quote in answer.quotes}
    if passage_id in ranks:
        return f" · quoted as {ranks[passage_id]}"
    return " · shown as near, and not an answer" if passage_id in {each.passage.id for each in answer.related} else ""


def nearest(engine: Engine, question: MappedQuestion, answer: Answer) -> None:
    """List the passages that are nearest to the question, each to be opened."""
    st.html(
        '<h2 class="rag-subtitle">Nearest to your question</h2>'
        + page.notice_html("In all dimensions, by meaning alone. Near is not yet an answer: quotes are chosen by more.")
    )
    for rank, (point, cosine) in enumerate(question.nearest, 1):
        document = engine.document(point.passage.document_id)
        st.html(drawing.nearest_html(rank, point, cosine, document, _shown_as(point.passage.id, answer)))
        if st.button(f"Open {rank} in the document", key=f"near-{point.passage.id}"):
            st.session_state.opened = OpenedPassage(document, point.passage, "map")
            st.session_state.scroll_to = MARKED
            go_to("document")
