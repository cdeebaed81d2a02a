"""Analyse English words for the lexical index: what a search term is, in passages as in questions."""

from __future__ import annotations

import tantivy

ANALYZER = "rag_english"


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
