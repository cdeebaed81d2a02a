"""Resolve a question within its conversation to one that stands by itself, by rules that a person can read.

Only earlier questions lend words, as they were understood, never what was answered: nothing that was found for an
earlier turn is evidence for a later one. The rules are English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from rag.core.types.answers import Resolution
from rag.core.types.protocols import Vocabulary
from rag.search.followups.phrases import Phrase, phrases
from rag.search.followups.recognising import ASKS, PREPOSITION, TRAILING, is_small_talk, leans, opening
from rag.text.words import content_words

MOST_BORROWED = 4
"""How many words earlier questions lend at most: more would outweigh the question."""

ENOUGH = 2
"""From how many words in its phrases on a question that borrowed nothing tells what is talked about by itself."""

RECURRING = 0.3
"""What a word counts more for standing in one more of the questions that lend."""

LONG = 4
"""How many content words what is asked about now may have to take the place of something."""

ALIKE = 0.25
"""The cosine from which two phrases name things of one kind, so that one may take the other's place."""

AS_ALIKE = 0.1
"""How much less alike another phrase may be for the choice between the two to be shown."""

_NOT_BUT = re.compile(
    r"(?:no|sorry|oops)?[\s,;.]*not\s+(?P<said>[^,;]+?)(?:\s*[,;]|\s+but\b)\s*(?:but\s+)?(?P<meant>[^,;?.!]+)[\s?.!]*$",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|them|this|that|these|those)\b", re.IGNORECASE)
_DEFINED = re.compile(r"\s*(?:what|who)(?:\s+(?:is|are|was|were)\s+|['’]s\s+)[^,;]*$|\s*tell me about\b", re.IGNORECASE)
_ONE = re.compile(r"^(?:the\s+)?(?P<which>[\w'’-]+(?:\s+[\w'’-]+)?)\s+ones?$", re.IGNORECASE)


class Likeness(Protocol):
    """Says how alike the first of some texts is to each of the others."""

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return cosines, one for each of the others."""
        ...


def resolve(question: str, earlier: Sequence[str], vocabulary: Vocabulary, alike: Likeness) -> Resolution:
    """Return a question resolved, with the reason if that is not as it was typed.

    `earlier` are the questions before it, resolved, oldest first. `vocabulary` tells which words are rare in the
    corpus, `alike` which phrase of an earlier question another one takes the place of.
    """
    as_typed = Resolution(question)
    earlier = [each for each in earlier if not is_small_talk(each)]
    if not earlier or is_small_talk(question):
        return as_typed
    if corrected := _corrected(question, earlier[-1]):
        return corrected
    if (opened := opening(question)) is not None:
        reason, rest = opened
        return _in_place(rest, earlier, reason, vocabulary, alike) if rest else as_typed
    why = leans(question)
    if why is None:
        if ASKS.search(question) or not question.rstrip().endswith("?"):
            return as_typed
        bare = TRAILING.sub("", question.strip())
        return _put_in_place(bare, earlier[-1], "bare phrase", alike) or as_typed
    if why == "fragment" and PREPOSITION.match(question.strip()):
        return _in_place(question, earlier, why, vocabulary, alike)
    return _with_borrowed(question, _lenders(why, earlier), why, vocabulary)


def _corrected(question: str, before: str) -> Resolution | None:
    """Understand "not magnesium but ketamine"; None if it is not said so, or of nothing in the question before."""
    if (other := _NOT_BUT.match(question)) is None:
        return None
    said = re.search(rf"\b{re.escape(other['said'])}\b", before, re.IGNORECASE)
    return said and Resolution(_replaced(before, Phrase(said[0], *said.span()), other["meant"]), "correction")


def _in_place(asked: str, earlier: Sequence[str], reason: str, vocabulary: Vocabulary, alike: Likeness) -> Resolution:
    """Put what is asked about now in the place of what the question before asked about."""
    asked = TRAILING.sub("", asked)
    before = earlier[-1]
    if ASKS.match(asked) or len(content_words(asked)) > LONG:
        said = leans(asked)
        return _with_borrowed(asked, _lenders(said, earlier), said, vocabulary) if said else Resolution(asked, reason)
    if PREPOSITION.match(asked):
        own, borrowed = _own_words(before), _topic(before) if before != _own_words(before) else ""
        resolved = _with_preposition(asked, own)
        return Resolution(f"{resolved} ({borrowed})" if borrowed else resolved, reason, tuple(borrowed.split()))
    if one := _ONE.match(asked):
        return _one_of(one["which"], before, asked, reason, vocabulary)
    if said := leans(asked):
        return _with_borrowed(asked, _lenders(said, earlier), said, vocabulary)
    if placed := _put_in_place(asked, before, reason, alike):
        return placed
    return _with_borrowed(asked, _lenders(reason, earlier), reason, vocabulary)


def _put_in_place(asked: str, before: str, reason: str, alike: Likeness) -> Resolution | None:
    """Put a phrase in the place of the phrase before that is most like it, or of a pronoun; None if none is like it."""
    places = phrases(before)
    own = _own_words(before)
    if not phrases(own) and len(_IT.findall(own)) == 1:
        return Resolution(_IT.sub(lambda _: asked, own), reason)
    if not places or len(content_words(asked)) > LONG:
        return None
    likeness = list(alike(asked, [place.text for place in places]))
    best = max(range(len(places)), key=lambda place: likeness[place])
    if likeness[best] < ALIKE:
        return None
    resolved = _replaced(before, places[best], asked)
    borrowed = _topic(resolved) if resolved != _own_words(resolved) else ""
    choices = (
        _replaced(before, place, asked)
        for number, place in enumerate(places)
        if number != best and likeness[number] >= likeness[best] - AS_ALIKE
    )
    return Resolution(resolved, reason, tuple(borrowed.split()), tuple(choices))


def _with_preposition(asked: str, before: str) -> str:
    """Return the question before with a phrase of place, time or purpose put in, for its own one if it has one."""
    body = before.rstrip(" ?!.")
    preposition = asked.split()[0]
    own = re.search(rf"\b{re.escape(preposition)}\s+(?!of\b)[\w'’ -]+$", body, re.IGNORECASE)
    return f"{body[: own.start()] if own else body + ' '}{asked[0].lower()}{asked[1:]}?"


def _one_of(which: str, before: str, asked: str, reason: str, vocabulary: Vocabulary) -> Resolution:
    """Understand "the open-label one" after "the placebo-controlled trial": the last word of a phrase of several."""
    for place in phrases(before, of_effect=True):
        words = place.text.split()
        if len(words) > 1:
            return Resolution(_replaced(before, place, f"{which} {words[-1]}"), reason)
    return _with_borrowed(asked, [before], reason, vocabulary)


def _replaced(question: str, place: Phrase, text: str) -> str:
    text = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)
    return f"{question[: place.start]}{text}{question[place.end :]}"


def _lenders(reason: str, earlier: Sequence[str]) -> list[str]:
    """Return the questions that lend words: the one before if it says enough, or else the first one as well."""
    if reason == "comparison":
        return list(dict.fromkeys(earlier[-2:]))
    last = earlier[-1]
    if last == _own_words(last):
        said = sum(len(phrase.text.split()) for phrase in phrases(last))
        if said >= ENOUGH or (said and _DEFINED.match(last)):
            return [last]
    return list(dict.fromkeys((earlier[0], _topic(last))))


def _topic(resolved: str) -> str:
    """Return what a question borrowed, which tells most of what the conversation is about; all of it if nothing."""
    borrowed = re.search(r"\(([^()]*)\)$", resolved)
    return borrowed[1] if borrowed else resolved


def _with_borrowed(question: str, lenders: Sequence[str], reason: str, vocabulary: Vocabulary) -> Resolution:
    """Return a question with the phrases that tell most of what was asked before, behind it in brackets."""
    own = {word.casefold() for word in content_words(question)}
    times = Counter(word.casefold() for lender in lenders for word in set(content_words(lender)))
    offered: dict[str, list[str]] = {}
    for lender in lenders:
        for phrase in phrases(lender):
            words = [word for word in phrase.text.split() if word.casefold() not in own][-MOST_BORROWED:]
            offered.setdefault(" ".join(words).casefold(), words)

    def tells(words: Sequence[str]) -> float:
        return sum(_weight([word], vocabulary) * (1 + RECURRING * (times[word.casefold()] - 1)) for word in words)

    borrowed: list[str] = []
    for words in sorted(offered.values(), key=lambda words: -tells(words)):
        known = {term for word in borrowed for term in vocabulary.terms(word)}
        new = [word for word in words if known.isdisjoint(vocabulary.terms(word))]  # "skills" is "skill" again
        if new and tells(new) > 0 and len(borrowed) + len(new) <= MOST_BORROWED:
            borrowed += new
    if not borrowed:
        return Resolution(question)
    return Resolution(f"{question} ({' '.join(borrowed)})", reason, tuple(borrowed))


def _own_words(resolved: str) -> str:
    """Return a resolved question without the words that it borrowed."""
    return re.sub(r"\s*\([^()]*\)$", "", resolved)


def _weight(words: Sequence[str], vocabulary: Vocabulary) -> float:
    """Return the weight of words that the corpus holds, as the sum of their idf."""
    terms = {term for word in words for term in vocabulary.terms(word)}
    return sum(vocabulary.inverse_document_frequency(term) for term in terms)
