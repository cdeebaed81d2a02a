"""verbatim-rag's index with a local store and a dense model: its search alone.

Its answers need a language model behind an address, or an extractor that is fetched from a hub; neither is to be had
without a network, so that what is measured here is what comes before. A result does not name its document, which is
therefore kept by its text.
"""

from __future__ import annotations

import json
from pathlib import Path

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
    documents, names = [], {}
    for each in passages:
        title, _, text = each["text"].partition("\n")
        documents.append(DocumentSchema(id=each["id"], title=title, content=text))
        names[text.strip()] = each["id"]
    _index(index, model).add_documents_bulk(documents)
    Path(f"{index}.json").write_text(json.dumps(names), encoding="utf-8")


def opened(index: str, model: str) -> Ask:
    """Open the store."""
    made = _index(index, model)
    names = json.loads(Path(f"{index}.json").read_text(encoding="utf-8"))
    return lambda question: [(names.get(each.text.strip(), ""), each.text) for each in made.query(question, k=5)]


run(build, opened)
