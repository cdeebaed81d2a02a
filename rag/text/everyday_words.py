"""Tell everyday words from names that are in no list: by their ending, their parts, or the base that they come from."""

from __future__ import annotations

from collections.abc import Callable

_EVERYDAY = frozenset(
    """tummy belly dodgy wonky squiggly poorly knackered bloke skint loo wee poo jab jabs gibberish telly fags fag
    booze ciggies gran newsagent freebie selfie whatsapp facebook youtube reddit tiktok podcast uni resit motorbike
    jigsaw wheelchair prawns tablets capsule capsules sachet sachets blister leaflet leaflets bedtime teatime
    lunchtime daytime""".split()
)
"""Words of everyday English that the model's vocabulary has not whole."""

_ENDINGS = ("ing", "ings", "ed", "ish", "ness", "less", "ful", "able", "ible", "est", "wise", "ward", "wards")
"""Endings of English words that no name of a drug or of a condition is told by."""

_DERIVED = (
    "s",
    "es",
    "ly",
    "ily",
    "d",
    "ed",
    "r",
    "er",
    "ers",
    "or",
    "y",
    "ier",
    "ing",
    "ings",
    "est",
    "iest",
    "al",
    "age",
    "ment",
)
_LEAST_PART = 3  # letters of each part of a compound


def is_everyday(word: str, is_spelled: Callable[[str], bool]) -> bool:
    """Say whether a word, in lower case, is one of everyday English: `is_spelled` knows the commonest, whole."""
    return (
        is_spelled(word)
        or word in _EVERYDAY
        or any(is_spelled(base) for base in _bases(word))
        or any(
            is_spelled(word[:at]) and is_spelled(word[at:]) for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1)
        )
    )


def ends_like_a_word(word: str) -> bool:
    """Say whether a word has an ending that names of drugs and conditions do not have."""
    return word.endswith(_ENDINGS)


def _bases(word: str) -> list[str]:
    """Return what a word may be derived from: "toppling" from "topple", "jerky" from "jerk", "tummy" from "tum"."""
    found = []
    for ending in _DERIVED:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_PART:
            base = word[: -len(ending)]
            found += [base, base + "e"]
            if base[-1:] == base[-2:-1]:
                found.append(base[:-1])
    return found
