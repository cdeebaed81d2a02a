"""Turn a question into weighted terms, ranked hits, and a calibrated confidence that they answer.

It may not word anything.

One file a stage of the search, in the order in which they run:

searching    both searches, then fusion and feedback, over one set of candidates
fusion       cosine, the nearest sentence's, BM25 and coverage into one absolute score
feedback     the question's vector moved towards the best passages found
second_look  the sentences of a passage, scored
diversity    near-duplicates once, and sources in turn where they are as good
hits         the best candidates, looked at again and put in order
"""
