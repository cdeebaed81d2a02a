"""Keep the index on disk: open it, search it row by row, write it and publish it.

It may not know sources, models, or ranking.
"""
