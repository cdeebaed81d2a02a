"""Public benchmarks → figures, through the project's own readers, passages, encoder, indexes and fusion.

Nothing here runs when a question is asked.
"""
