"""Query → ranked hits. One file a stage; `search` says in what order they run, `Stages` which of them do.

searching    both searches, then fusion and feedback, over one set of candidates
fusion       cosine, the nearest sentence's, BM25 and coverage → one absolute score
feedback     the question's vector moved towards the best passages found
second_look  which sentence of a passage answers best
diversity    near-duplicates once, and sources in turn where they are as good
hits         the best candidates, looked at again and put in order
"""

from rag.retrieval.hits import retrieve
from rag.retrieval.searching import Candidates, Stages, search

__all__ = ["Candidates", "Stages", "retrieve", "search"]
