"""Read rules that are written as phrases, and find what a text says by them."""
