"""Make the page's HTML fragments; every character of the corpus or of a person is escaped."""
