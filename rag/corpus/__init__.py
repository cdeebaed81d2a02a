"""Read, change and lint the curator's folder: documents, catalogue, synonyms, question set, recorded questions.

It may not know an index.
"""
