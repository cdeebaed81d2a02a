"""Find the sentences of a message that ask, and those that they lean on; the rest is the asker's story."""

from __future__ import annotations

import re
from dataclasses import dataclass

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^.?!\n]+(?:[.?!](?!\s|$)[^.?!\n]*)*[.?!\n]*")
_ASKS = re.compile(
    r"""^\W*(?:(?:so|and|but|or|then|also|hi|hello|hey|please|pls|ok|well|my\ questions?\ is|question)\W+)*
    (?:what|whats|what's|which|who|whos|who's|whom|whose|when|where|why|how|hows|how's
    |is|isn't|are|aren't|was|were|do|don't|does|doesn't|did|can|can't|could|should|shouldn't|will|would|may|might|must
    |has|have|had|am|any|anyone|anybody|anything)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WANTS = re.compile(
    r"""\b(?:wonder(?:ing)?|tell\ me|let\ me\ know|explain|advise|please\ help|no\ idea
    |(?:want(?:ed)?|like|love|need|keen)\ to\ (?:know|understand|find\ out|check)
    |any\ (?:advice|idea|ideas|thoughts|info|information)
    |(?:not|n't|never)\ (?:sure|know|understand|say)\ (?:if|whether|what|how|why|when|which|who)
    |curious\ (?:if|whether|about|what|how)
    |(?:ask|asking|know|understand|find\ out)\ (?:if|whether|what|how|why|when|which|who))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LEANS = re.compile(
    r"\b(?:it|its|it's|this|that|these|those|they|them|their|she|he|her|him|his|one|ones|either|both|so)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A question's sentences, as spans of it: those that ask, and the others, each in order."""

    question: str
    asking: tuple[Span, ...]
    story: tuple[Span, ...]

    @property
    def asking_text(self) -> str:
        """The sentences that ask."""
        return " ".join(self.question[start:end] for start, end in self.asking)


def read_message(question: str) -> Message:
    """Tell the sentences that ask from the others; where none is seen to ask, all do."""
    sentences = [match.span() for match in _SENTENCE.finditer(question) if re.search(r"\w", match[0])]
    asking = [span for span in sentences if _does_ask(question[slice(*span)])]
    if not asking:
        return Message(question, tuple(sentences), ())
    return Message(question, tuple(asking), tuple(span for span in sentences if span not in asking))


def leans_on_others(sentence: str) -> bool:
    """Say whether a sentence has a pronoun, which may stand for what another one names."""
    return _LEANS.search(sentence) is not None


def _does_ask(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") or bool(_ASKS.search(sentence)) or bool(_WANTS.search(sentence))
