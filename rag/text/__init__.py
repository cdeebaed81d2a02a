"""Take texts apart: passages, sentences, search keys, words, and the labels that rules put on them.

It may not know files of a corpus, an index, or a model.
"""
