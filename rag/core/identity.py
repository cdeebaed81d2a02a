"""Derive identities, all of them from content."""

from __future__ import annotations

import hashlib


def document_id(sha256: str) -> str:
    """Return a document's identity: the beginning of the hash of its bytes."""
    return sha256[:12]


def passage_id(document_sha256: str, start: int, end: int, text: str) -> str:
    """Return a passage's identity: of its document, its place in it, and its text."""
    content = f"{document_sha256}\0{start}\0{end}\0{text}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
