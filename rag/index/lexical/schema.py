"""Define the fields of the lexical index, analysed in passages as in questions."""

from __future__ import annotations

import tantivy

from rag.text.analysis import ANALYZER

TEXT, CONTEXT, ROW, DOCUMENT = "text", "context", "row", "document"


def schema() -> tantivy.Schema:
    """Return the fields: two of words, and two numbers by which a passage and its document are known."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(TEXT, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field(CONTEXT, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_integer_field(ROW, stored=False, indexed=True, fast=True)
    builder.add_integer_field(DOCUMENT, stored=False, indexed=True, fast=False)
    return builder.build()
