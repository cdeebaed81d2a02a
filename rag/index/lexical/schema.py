"""What the lexical index holds of a passage, and how words are analysed, in passages as in questions."""

from __future__ import annotations

import tantivy

ANALYZER = "rag_english"
TEXT, CONTEXT, ROW, DOCUMENT = "text", "context", "row", "document"


def analyzer() -> tantivy.TextAnalyzer:
    """Return the English analysis of passages and questions: words, lower case, accents folded, stop words, stems."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def schema() -> tantivy.Schema:
    """Return the fields: two of words, and two numbers by which a passage and its document are known."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(TEXT, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field(CONTEXT, stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_integer_field(ROW, stored=False, indexed=True, fast=True)
    builder.add_integer_field(DOCUMENT, stored=False, indexed=True, fast=False)
    return builder.build()
