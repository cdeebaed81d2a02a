"""Draw pages of PDF files, and find where on them the characters of a passage stand."""
