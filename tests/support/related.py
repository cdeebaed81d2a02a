"""Make answers whose passages are near and no answer, for the tests of every surface."""

from __future__ import annotations

from dataclasses import replace

from rag.core.types.answers import Answer, Shortfall, ShortfallKind


def related_to(
    answered: Answer,
    kind: ShortfallKind = "unknown",
    names: tuple[str, ...] = ("zorbulin",),
    covered: tuple[str, ...] = ("magnesium",),
) -> Answer:
    """Return an answer in which what was quoted is only near: it lacks some names.

    The passages keep their highlights, companions and sides, so that a surface that would show these is found out.
    """
    near = tuple(replace(quote, lacks=names) for quote in answered.quotes)
    return replace(
        answered,
        status="related",
        quotes=(),
        related=near,
        names=(*covered, *names),
        shortfall=Shortfall(kind, names, covered),
        missing_terms=(),
        suggestions=(),
        sources_differ=False,
        related_from=0.08,
        candidates=tuple(replace(each, rank=None) for each in answered.candidates),
    )
