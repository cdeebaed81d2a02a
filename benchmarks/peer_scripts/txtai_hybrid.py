"""txtai with its hybrid search (vectors and BM25) and its content store."""

from __future__ import annotations

from driver import Ask, Passage, run
from txtai import Embeddings


def build(passages: list[Passage], index: str, model: str) -> None:
    """Embed, index and save."""
    embeddings = Embeddings(path=model, hybrid=True, content=True)
    embeddings.index((each["id"], each["text"], None) for each in passages)
    embeddings.save(index)


def opened(index: str, model: str) -> Ask:
    """Load the saved index, which names its model."""
    embeddings = Embeddings()
    embeddings.load(index)
    return lambda question: [(each["id"], each["text"]) for each in embeddings.search(question, 5)]


run(build, opened)
