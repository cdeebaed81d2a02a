"""Name the files of a corpus folder that are about the corpus, not in it."""

from __future__ import annotations

CATALOGUE = "catalogue.toml"
"""What the curator knows of sources that cannot say it themselves."""

CATALOGUE_LOCK = ".catalogue.lock"
"""What is locked while documents and the catalogue are changed: an empty file that stays, hidden, so that it is no
source. It lies in the corpus folder because nothing else is common to all who may change it: other users, other
machines of a network drive, other index folders."""

SYNONYMS = "synonyms.txt"
"""What people call things that the documents call by another name."""

QUESTION_SET = "questions.jsonl"
"""What a corpus's own question set is called, in its folder."""

RESERVED_NAMES = frozenset({CATALOGUE, SYNONYMS, QUESTION_SET})
"""Files at the top of the corpus folder that are about the corpus, not in it."""

FEWEST = 10
"""How many questions with an answer, and how many without, it takes to calibrate an index."""
