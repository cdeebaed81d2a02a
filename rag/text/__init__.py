"""Take texts apart: passages, sentences, search keys, words, and the labels that rules put on them."""
