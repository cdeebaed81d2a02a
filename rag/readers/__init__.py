"""Turn the bytes of one file into a `Document`; one folder a format.

It may not know the corpus folder, passages, or an index.
"""
