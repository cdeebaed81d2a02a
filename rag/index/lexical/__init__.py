"""Search by words: BM25 over tantivy, written in parts."""
