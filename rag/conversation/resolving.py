"""A question within its conversation → the question as it stands by itself, by rules that a person can read.

Only earlier questions lend words, as they were understood, never what was answered: nothing that was found for an
earlier turn is evidence for a later one. The rules are English.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Protocol

from rag.conversation.phrases import Phrase, phrases
from rag.evidence.wording import Wording, wording
from rag.phrases.rules import RuleSet, rule_set
from rag.questions import content_words
from rag.types import Resolution, Vocabulary

LENT = 4
"""How many words earlier questions lend at most: more would outweigh the question."""

ENOUGH = 2
"""From how many words in its phrases on a question that was lent nothing tells what is talked about by itself."""

RECURRING = 0.3
"""What a word counts more for standing in one more of the questions that lend."""

LONG = 4
"""How many content words what is asked about now may have to take the place of something."""

ALIKE = 0.25
"""The cosine from which two phrases name things of one kind, so that one may take the other's place."""

_SMALL_TALK = frozenset(
    """thanks thank you thx ty cheers ok okay great good nice cool perfect fine alright right sure yes yeah yep no nope
    hello hi hey bye goodbye lol wow so much very many a lot got it i see understood that is was helpful interesting
    please sorry oh ah hmm well done""".split()
)
_GREETING = frozenset("thanks thank thx ty cheers hello hi hey bye goodbye lol wow great cool perfect nice".split())
_ASKS = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|may"
    r"|might|has|have|had|tell|give|name|list|explain|describe|show|compare)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:in|for|with|without|at|during|after|before|on|among|by|against|from|under|over|as|between|within)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:.?!]|\b(?:and|but|so|because|if|when|while|since|until|before|after|although|though)\b"
    r"(?=[^,;:.?!]*$)",
    re.IGNORECASE,
)
"""Where the clause begins that a text ends in."""

_TRAILING = re.compile(r"[\s?!.,;]*(?:\b(?:instead|then|too|as well|please)\b[\s?!.,;]*)*$", re.IGNORECASE)
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
    """Return a question as it stands, with the reason if that is not as it was typed.

    `earlier` are the questions before it as they stood, oldest first. `vocabulary` tells which words are rare in the
    corpus, `alike` which phrase of an earlier question another one takes the place of.
    """
    as_typed = Resolution(question)
    earlier = [each for each in earlier if not is_small_talk(each)]
    if not earlier or is_small_talk(question):
        return as_typed
    if (other := _NOT_BUT.match(question)) and other["said"].casefold() in earlier[-1].casefold():
        place = earlier[-1].casefold().index(other["said"].casefold())
        said = Phrase(other["said"], place, place + len(other["said"]))
        return Resolution(_replaced(earlier[-1], said, other["meant"]), "correction")
    opening = _opening(question)
    if opening is not None:
        reason, rest = opening
        return _in_place(rest, earlier, reason, vocabulary, alike) if rest else as_typed
    why = _leans(question)
    if why is None:
        if question.rstrip().endswith("?") and not _ASKS.search(question):
            in_place = _in_place(question.strip(), earlier[-1:], "bare phrase", vocabulary, alike)
            return in_place if in_place.choices else as_typed
        return as_typed
    if why == "fragment" and _PREPOSITION.match(question.strip()):
        return _in_place(question, earlier, why, vocabulary, alike)
    return _lent(question, _lenders(why, earlier), why, vocabulary)


def is_small_talk(question: str) -> bool:
    """Say whether nothing is asked: thanks, a greeting, a word of assent."""
    words = re.findall(r"\w+", question.casefold())
    return bool(words) and (
        all(word in _SMALL_TALK for word in words)
        or (words[0] in _GREETING and len(words) <= 4 and "?" not in question and not _ASKS.search(question))
    )


def _opening(question: str) -> tuple[str, str] | None:
    """Return why a question goes on from the one before, and what it now asks about; None if it does not so begin."""
    said = _worded(question)
    for rule, (first, after) in rules().said(said.text):
        if rule.name in ("correction", "continuation"):
            end = said.source_span(first, after)[1]
            return rule.name, _TRAILING.sub("", question[end:]).strip(" ,;:–-")
    return None


def _leans(question: str) -> str | None:
    """Return why a question cannot stand by itself; None if it can."""
    worded = _worded(question)
    said: dict[str, int] = {}
    for rule, (first, after) in rules().said(worded.text):
        place = worded.source_span(first, after)[0]
        said[rule.name] = min(place, said.get(rule.name, place))
    if "pronoun" in said and _names_before(question[: said["pronoun"]]):
        del said["pronoun"]
    for reason in ("more", "comparison", "pronoun", "attribute", "bare question word"):
        if reason in said:
            return reason
    if not _ASKS.search(question) and _PREPOSITION.match(question.strip()):
        return "fragment"
    return None


def _names_before(text: str) -> bool:
    """Say whether a clause before a pronoun names what it may stand for ("What is zinc, and does it help?")."""
    clause = _CLAUSE.search(text)
    return bool(clause) and bool(phrases(text[: clause.start()]))


def _in_place(asked: str, earlier: Sequence[str], reason: str, vocabulary: Vocabulary, alike: Likeness) -> Resolution:
    """Put what is asked about now in the place of what the question before asked about."""
    asked = _TRAILING.sub("", asked)
    before = earlier[-1]
    if _ASKS.match(asked) or len(content_words(asked)) > LONG:
        said = _leans(asked)
        return _lent(asked, _lenders(said, earlier), said, vocabulary) if said else Resolution(asked, reason)
    if _PREPOSITION.match(asked):
        own, lent = _own_words(before), _topic(before) if before != _own_words(before) else ""
        standing = _with_preposition(asked, own)
        return Resolution(f"{standing} ({lent})" if lent else standing, reason, tuple(lent.split()))
    if one := _ONE.match(asked):
        return _one_of(one["which"], before, asked, reason, vocabulary)
    places = phrases(before)
    own = _own_words(before)
    if not phrases(own) and len(_IT.findall(own)) == 1:
        return Resolution(_IT.sub(lambda _: asked, own), reason)
    if not places:
        return _lent(asked, _lenders(reason, earlier), reason, vocabulary)
    likeness = list(alike(asked, [place.text for place in places]))
    best = max(range(len(places)), key=lambda place: likeness[place])
    if likeness[best] < ALIKE:
        return _lent(asked, _lenders(reason, earlier), reason, vocabulary)
    choices = [_replaced(before, place, asked) for place in places]
    standing = choices.pop(best)
    lent = _topic(standing) if standing != _own_words(standing) else ""
    return Resolution(standing, reason, tuple(lent.split()), tuple(choices))


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
    return _lent(asked, [before], reason, vocabulary)


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


def _topic(standing: str) -> str:
    """Return what a question was lent, if it was: its own words tell less of what the conversation is about."""
    lent = re.search(r"\(([^()]*)\)$", standing)
    return lent[1] if lent else standing


def _lent(question: str, lenders: Sequence[str], reason: str, vocabulary: Vocabulary) -> Resolution:
    """Return a question with the phrases that tell most of what was asked before, behind it in brackets."""
    own = {word.casefold() for word in content_words(question)}
    times = Counter(word.casefold() for lender in lenders for word in set(content_words(lender)))
    offered: dict[str, list[str]] = {}
    for lender in lenders:
        for phrase in phrases(lender):
            words = [word for word in phrase.text.split() if word.casefold() not in own][-LENT:]
            offered.setdefault(" ".join(words).casefold(), words)

    def tells(words: Sequence[str]) -> float:
        return sum(_weight([word], vocabulary) * (1 + RECURRING * (times[word.casefold()] - 1)) for word in words)

    lent: list[str] = []
    for words in sorted(offered.values(), key=lambda words: -tells(words)):
        new = [word for word in words if word.casefold() not in map(str.casefold, lent)]
        if new and tells(new) > 0 and len(lent) + len(new) <= LENT:
            lent += new
    if not lent:
        return Resolution(question)
    return Resolution(f"{question} ({' '.join(lent)})", reason, tuple(lent))


def _own_words(standing: str) -> str:
    """Return a question as it stood without what it was lent."""
    return re.sub(r"\s*\([^()]*\)$", "", standing)


def _weight(words: Sequence[str], vocabulary: Vocabulary) -> float:
    """Return the weight of words that the corpus holds, as the sum of their idf."""
    terms = {term for word in words for term in vocabulary.terms(word)}
    return sum(vocabulary.inverse_document_frequency(term) for term in terms)


def _worded(question: str) -> Wording:
    """Return the wording of a question; its marks end sentences here and are no words."""
    return wording(question.replace("?", "."), 0, len(question))


@cache
def rules() -> RuleSet:
    """Return how follow-ups are worded; a rule's name is the reason that is given."""
    return rule_set(tomllib.loads(files("rag.conversation").joinpath("rules.toml").read_text(encoding="utf-8")))
