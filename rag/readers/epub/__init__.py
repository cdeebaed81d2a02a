"""Read e-books in EPUB."""
