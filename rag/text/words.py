"""Extract the words of a question that carry its content."""

from __future__ import annotations

import re

from rag.core.errors import QuestionError

LONGEST_QUESTION = 2_000  # characters

# English function words, and the words that ask or that every question may hold. Not a list of "unimportant"
# words: "not", "no", "without" and "against" are left to the search.
_FUNCTION_WORDS = frozenset(
    """
    a about again all also am an and any are as at be because been being both but by can cannot could did do does
    doing don done each either else ever every few for from get gets give given gives go goes got had has have having
    he her here hers him his how however i if in into is it its itself just know known let like made make makes many
    may me mean means might mine more most much must my need needs of off on one ones only or other our ours out over
    own per please quite rather really said same say says shall she should since so some such tell than that the their
    theirs them then there these they thing things this those though through thus to too under until up upon us use
    used uses using very want was we were what when where whether which while who whom whose why will with would you
    your yours explain describe happen happens happened exactly actually anything anyone something someone
    t s ve re ll d m isn aren wasn weren doesn didn won wouldn couldn shouldn hasn haven
    """.split()
)
_WORD = re.compile(r"\w+")
_A_WILL = re.compile(r"\b(?:a|the|my|his|her|their|your|our|living|last|own)\s+(wills?)\b", re.IGNORECASE)
"""The will that is written: a function word only where it stands for the future."""
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Unpaired surrogates that stand for no byte of a command line."""


def content_words(question: str) -> list[str]:
    """Return a question's words without those that only ask, each once, in order; all of them if none is left."""
    words = list(dict.fromkeys(_WORD.findall(question)))
    written = {match[1] for match in _A_WILL.finditer(question)}
    return [word for word in words if carries_content(word) or word in written] or words


def carries_content(word: str) -> bool:
    """Say whether a word does more than ask."""
    return word.lower() not in _FUNCTION_WORDS


def checked_question(question: str) -> str:
    """Return the question without white space around it. Raises `QuestionError` if it cannot be asked."""
    question = readable(question)
    if not question:
        raise QuestionError("The question is empty.", 'Type one: python -m rag query "What does the corpus say of …?"')
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read.",
            "Ask it in a sentence or two.",
        )
    return question


def readable(question: str) -> str:
    """Return what was typed without unpaired surrogates and without white space around it.

    Bytes of the command line that are not UTF-8 come as such, and JSON that a caller has read may hold others.
    """
    question = _NO_BYTE.sub("\ufffd", question)
    return question.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
