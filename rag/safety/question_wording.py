"""Normalise a question's wording for the rules: lower-case words as they are meant, sentence by sentence."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’‘`´][^\W\d_]+)*|[.!?;\n]+|[\"“”„«»]")
_APOSTROPHES = re.compile("[’‘`´]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_OWNED = re.compile(r"(?<!^he)(?<!^she)(?<!^it)(?<!^that)(?<!^what)(?<!^who)(?<!^there)(?<!^let)'s$")
_END = ". "


@dataclass(frozen=True, slots=True)
class Spellings:
    """The spellings that are understood, and the words that they stand for.

    `meant` gives what a spelling stands for, one word or several. `known` are words that are understood with one letter
    wrong, left out, put in or swapped with the next one; `others` are words that are spelled like them and meant as
    they stand.
    """

    meant: Mapping[str, str]
    known: frozenset[str]
    others: frozenset[str]
    without_one: Mapping[str, frozenset[str]]
    """What is left of a known word without one of its letters, or whole → the words."""


def wording(text: str) -> str:
    """Return the words of a text, each followed by a space, with ". " before, between and after sentences.

    White space within words of the source is not kept: this is for matching alone and never shown.
    """
    known = spellings()
    words = [_END]
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", text).casefold()):
        if piece[0] in ".!?;\n":
            if words[-1] != _END:
                words.append(_END)
        elif piece[0] in '"“”„«»':
            words.append('" ')
        else:
            words.append(_meant(piece, known) + " ")
    if words[-1] != _END:
        words.append(_END)
    return "".join(words)


def _meant(piece: str, spellings: Spellings) -> str:
    """Return the word that a spelling is meant as; apostrophes go, for half of the people leave them out."""
    piece = _APOSTROPHES.sub("'", piece)
    if piece in spellings.meant:
        return spellings.meant[piece]
    word = _DRAWN_OUT.sub(r"\1", _OWNED.sub("", piece).replace("'", ""))  # "my dad's face", and "my dad's had a fall"
    if word in spellings.meant:
        return spellings.meant[word]
    return misspelled(word, spellings) or word


def misspelled(word: str, spellings: Spellings) -> str | None:
    """Return the known word that a word is one letter away from; None for a known word and for any other."""
    if len(word) < 5 or word in spellings.known or word in spellings.others:
        return None
    for rest in (word, *_without_one(word)):
        for known in sorted(spellings.without_one.get(rest, ())):
            if known[0] == word[0] and _one_letter_apart(word, known):
                return known
    return None


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_letter_apart(one: str, other: str) -> bool:
    """Say whether a letter is left out, put in, replaced, or swapped with the next one, and nothing else."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or (one[at + 2 :] == other[at + 2 :] and one[at : at + 2] == other[at : at + 2][::-1])
    )


@cache
def spellings() -> Spellings:
    """Return how words are written and meant."""
    data = tomllib.loads(files("rag.safety").joinpath("rules", "spellings.toml").read_text(encoding="utf-8"))
    known = frozenset(" ".join(data["known"]).split())
    without_one: dict[str, set[str]] = {}
    for word in known:
        for rest in (word, *_without_one(word)):
            without_one.setdefault(rest, set()).add(word)
    meant = {spelling: word for word, written in data["meant"].items() for spelling in written}
    return Spellings(
        meant=meant,
        known=known | frozenset(" ".join(meant.values()).split()),
        others=frozenset(" ".join(data["others"]).split()),
        without_one={rest: frozenset(words) for rest, words in without_one.items()},
    )
