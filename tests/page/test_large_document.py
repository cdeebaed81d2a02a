"""A large document is laid out on the page in seconds."""

from __future__ import annotations

import hashlib
import time

from rag.core.types.documents import Source
from rag.page.html.document_html import HitSpan, document_html
from rag.readers.registry import read_document


def test_a_megabyte_is_laid_out_soon():
    """In a third of a second by itself; the margin is for machines that are busy. A browser takes another."""
    paragraph = "The liver & the spleen were looked at in every adult.\n\n" * 6
    pieces = [f"# Chapter {n}\n\n{paragraph}" for n in range(1_000_000 // len(paragraph))]
    data = "".join(pieces).encode()
    read = read_document(Source("book.md", hashlib.sha256(data).hexdigest()), data)
    begun = time.process_time()
    html = document_html(read, HitSpan(500_000, 500_400, "Hit 1 of 2"), [HitSpan(900_000, 900_400, "Hit 2 of 2")])
    assert time.process_time() - begun < 5
    assert html.count('id="rag-marked"') == 1
    assert len(read.text) < len(html) < 3 * len(read.text)
