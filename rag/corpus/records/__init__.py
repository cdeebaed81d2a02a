"""Keep the questions that somebody chose to have kept, and say what the corpus lacks by them."""
