"""Keep documents, passages and spellings in one SQLite file, read row by row."""
