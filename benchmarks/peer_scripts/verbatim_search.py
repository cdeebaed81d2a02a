"""verbatim-rag's index with a local store and a dense model: its search alone.

Its answers need a language model behind an address, or an extractor that is fetched from a hub; neither is to be had
without a network, so that what is measured here is what comes before.
"""

from __future__ import annotations

from driver import Ask, Passage, run
from verbatim_rag import VerbatimIndex
from verbatim_rag.embedding_providers import SentenceTransformersProvider
from verbatim_rag.schema import DocumentSchema
from verbatim_rag.vector_stores import LocalMilvusStore


def _index(index: str, model: str) -> VerbatimIndex:
    store = LocalMilvusStore(db_path=f"{index}.db", enable_dense=True, enable_sparse=False)
    return VerbatimIndex(vector_store=store, dense_provider=SentenceTransformersProvider(model_name=model))


def build(passages: list[Passage], index: str, model: str) -> None:
    """Embed, index and save."""
    documents = [DocumentSchema(id=each["id"], content=each["text"]) for each in passages]
    _index(index, model).add_documents_bulk(documents)


def opened(index: str, model: str) -> Ask:
    """Open the store."""
    made = _index(index, model)
    return lambda question: [(each.metadata["document_id"], each.text) for each in made.query(question, k=5)]


run(build, opened)
