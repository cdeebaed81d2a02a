"""Select the notices that a question calls for within its conversation, and decide whether its answer is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.core.types.answers import Notice, NoticeKind
from rag.safety.notice_rules import applies
from rag.safety.question_wording import wording
from rag.safety.texts import text

URGENT: tuple[NoticeKind, ...] = ("crisis", "emergency", "poisoning")
"""The kinds that stand before the framing, in this order."""


@dataclass(frozen=True, slots=True)
class SafetyCall:
    """The notices that a question calls for, before and after the framing, and whether its answer is withheld."""

    urgent: tuple[Notice, ...] = ()
    after: tuple[Notice, ...] = ()
    withheld: bool = False


def called_for(question: str, earlier: Sequence[str] = (), country: str | None = None) -> SafetyCall:
    """Return what a question calls for. `earlier` are the questions before it, oldest first.

    A crisis is looked for in all of them, and its notice stays for the rest of the conversation: who once said so may
    still be in it. The answer is withheld for the question itself and for the one right after it, which may be the rest
    of what was asked ("and how many?"). Every other notice is called for by the question or by the one before it.
    """
    said = wording(question)
    before = [wording(each) for each in earlier]
    near = [said, *before[-1:]]
    withheld = any(applies("crisis", each) for each in near)
    searched = {"crisis": [said, *before], "emergency": near, "poisoning": near}
    kinds = [kind for kind in URGENT if any(applies(kind, each) for each in searched[kind])]
    urgent = tuple(Notice(kind, text(kind, country)) for kind in kinds)
    if withheld or not any(applies("dosing", each) for each in near):
        return SafetyCall(urgent, (), withheld)
    additions = [name for name in ("pregnancy", "children") if any(applies(name, each) for each in near)]
    dosing = Notice("dosing", " ".join(text(name, country) for name in ("dosing", *additions)))
    return SafetyCall(urgent, (dosing,), withheld)
