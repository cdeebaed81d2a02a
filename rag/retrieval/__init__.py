"""Query → ranked hits. One file a stage; `search` says in what order they run, `Stages` which of them do.

searching    both searches, then the stages below, over one set of candidates
fusion       cosine and BM25 → one absolute score
feedback     the question's vector moved towards the best passages found
diversity    near-duplicates once, and sources in turn where they are as good
"""

from rag.retrieval.hits import retrieve
from rag.retrieval.searching import Candidates, Stages, search

__all__ = ["Candidates", "Stages", "retrieve", "search"]
