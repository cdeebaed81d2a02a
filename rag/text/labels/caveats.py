"""Recognise sentences that a claim may not be read without: those that take it back, and warnings before it."""

from __future__ import annotations

import re

_AFTER = re.compile(
    r"""
    \W*(?:
        but | however | except | unless | although | though | nevertheless | nonetheless | yet | still, | caution
      | note\ that | be\ aware | do\ not | don['’]t | never | avoid | that\ said | on\ the\ other\ hand | in\ contrast
      | even\ so | (?:that|this)\ does\ not\ mean
      | only\ if | this\ (?:does|do|is|was|has)\ not | (?:this|it|these|they)\ (?:should|must|may|can)\ not | not\ all
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What opens with "but" or "however" takes back what stands before it, so of those before a claim only warnings count.
_BEFORE = re.compile(
    r"\W*(?:note\ that|be\ aware|do\ not|don['’]t|never|avoid|except|unless|only\ if|caution|warning|important:)\b",
    re.IGNORECASE | re.VERBOSE,
)


def takes_back(sentence: str) -> bool:
    """Say whether a sentence takes something back of what stands before it ("However, …", "Do not …")."""
    return _AFTER.match(" ".join(sentence.split())) is not None


def warns(sentence: str) -> bool:
    """Say whether a sentence belongs to what stands after it as a warning ("Note that …", "Unless …")."""
    return _BEFORE.match(" ".join(sentence.split())) is not None
