"""Bring the index up to date with the corpus, compare it with the corpus, prove it against the sources.

It may not render, or know an answer.
"""
