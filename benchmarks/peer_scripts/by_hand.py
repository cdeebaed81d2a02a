"""sentence-transformers with a flat faiss index: the fewest lines that search by meaning."""

from __future__ import annotations

import json
from pathlib import Path

import faiss
from driver import Ask, Passage, run
from sentence_transformers import SentenceTransformer


def build(passages: list[Passage], index: str, model: str) -> None:
    """Embed, index and save."""
    vectors = SentenceTransformer(model).encode([each["text"] for each in passages], normalize_embeddings=True)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    Path(index).mkdir()
    faiss.write_index(flat, f"{index}/vectors.faiss")
    Path(index, "passages.json").write_text(json.dumps(passages), encoding="utf-8")


def opened(index: str, model: str) -> Ask:
    """Load model, index and passages."""
    encoder = SentenceTransformer(model)
    flat = faiss.read_index(f"{index}/vectors.faiss")
    passages = json.loads(Path(index, "passages.json").read_text(encoding="utf-8"))

    def ask(question: str) -> list[tuple[str, str]]:
        _, rows = flat.search(encoder.encode([question], normalize_embeddings=True), 5)
        return [(passages[row]["id"], passages[row]["text"]) for row in rows[0]]

    return ask


run(build, opened)
