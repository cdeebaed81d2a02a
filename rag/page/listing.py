"""List the documents as the librarian looks through them: with findings of each, narrowed by a filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.core.types.documents import Document, Standing
from rag.core.types.reports import Finding

LEVELS: tuple[Literal["problem", "warning", "note"], ...] = ("problem", "warning", "note")
"""The levels of findings, the worst first."""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document with its number of passages, how it stands, and what was found of it; None where nobody looked."""

    document: Document
    passages: int
    standing: Standing
    findings: tuple[Finding, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """Which documents are asked for; what is empty or false asks nothing. `words` stand in the title or the path."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    with_findings: bool = False
    overdue: bool = False
    withdrawn: bool = False


def listed(
    sources: Iterable[tuple[Document, int]],
    standing: Callable[[Document], Standing],
    findings: Sequence[Finding] | None,
) -> list[ListedDocument]:
    """Put documents, their numbers of passages and the findings of a check together."""
    if findings is None:
        return [ListedDocument(document, passages, standing(document)) for document, passages in sources]
    of: dict[str, list[Finding]] = {}
    for finding in findings:
        of.setdefault(finding.path, []).append(finding)
    return [
        ListedDocument(document, passages, standing(document), tuple(of.get(document.path, ())))
        for document, passages in sources
    ]


def narrowed(rows: Iterable[ListedDocument], wanted: ListingFilter) -> list[ListedDocument]:
    """Return the rows that are asked for, in their order; capitals do not matter."""
    words, kinds = wanted.words.casefold().split(), {kind.casefold() for kind in wanted.kinds}
    licences = {licence.casefold() for licence in wanted.licences}

    def passes(row: ListedDocument) -> bool:
        entry = row.document.entry
        name = f"{row.document.title}\n{row.document.path}".casefold()
        return (
            all(word in name for word in words)
            and (not kinds or (entry.kind or "").casefold() in kinds)
            and (not licences or (entry.licence or "").casefold() in licences)
            and (not wanted.with_findings or bool(row.findings))
            and (not wanted.overdue or row.standing.review_was_due is not None)
            and (not wanted.withdrawn or bool(row.standing.retracted or row.standing.superseded_by))
        )

    return [row for row in rows if passes(row)]


def narrowed_findings(findings: Iterable[Finding], levels: Sequence[str], words: str) -> list[Finding]:
    """Return the findings of some levels, all where none is named, that hold the words; a document's worst first."""
    asked = words.casefold().split()
    passing = (
        finding
        for finding in findings
        if (not levels or finding.level in levels)
        and all(word in f"{finding.path}\n{finding.kind}\n{finding.message}".casefold() for word in asked)
    )
    return sorted(passing, key=lambda finding: (finding.path, LEVELS.index(finding.level)))


def counted(findings: Iterable[Finding]) -> str:
    """Say in words how many findings there are, the worst level first: "1 problem, 2 notes"; "none" for none."""
    counts = Counter(finding.level for finding in findings)
    said = (f"{counts[level]:,} {level}{'' if counts[level] == 1 else 's'}" for level in LEVELS if counts[level])
    return ", ".join(said) or "none"
