"""Record the questions that somebody chose to have recorded, and find gaps of the corpus by them."""
