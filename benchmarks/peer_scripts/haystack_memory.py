"""Haystack with its in-memory store saved to disk, and its sentence-transformers embedders."""

from __future__ import annotations

from driver import Ask, Passage, run
from haystack import Document, Pipeline
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


def build(passages: list[Passage], index: str, model: str) -> None:
    """Embed, index and save."""
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    documents = [Document(content=each["text"], meta={"passage": each["id"]}) for each in passages]
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(index)


def opened(index: str, model: str) -> Ask:
    """Load the saved store and make the pipeline that asks it."""
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    store = InMemoryDocumentStore.load_from_disk(index)
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(document_store=store, top_k=5))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def ask(question: str) -> list[tuple[str, str]]:
        found = pipeline.run({"embedder": {"text": question}})["retriever"]["documents"]
        return [(document.meta["passage"], document.content) for document in found]

    return ask


run(build, opened)
