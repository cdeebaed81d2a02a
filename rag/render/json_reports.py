"""Turn what builds, comparisons and lints report into the JSON objects that the README documents.

Each field is named here, so that renaming one inside the program cannot change the JSON unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.core.types.answers import IndexInfo
from rag.core.types.documents import SkippedSource
from rag.core.types.proofs import IndexProof, QuotationPlace, QuotationProof
from rag.core.types.reports import Added, BuildReport, CorpusStatus, Finding, OperatingPoint


def index_record(info: IndexInfo) -> dict[str, Any]:
    """Return which index it is."""
    return {
        "fingerprint": info.fingerprint,
        "documents": info.documents,
        "passages": info.passages,
        "published": info.published,
    }


def operating_point_record(point: OperatingPoint) -> dict[str, Any]:
    """Return the confidences from which passages are shown, and their error rates."""
    return {
        "threshold": point.threshold,
        "related_from": point.related_from,
        "wrongly_refused": point.wrongly_refused,
        "only_related": point.only_related,
        "wrongly_answered": point.wrongly_answered,
        "wrong_answers": point.wrong_answers,
        "measured_on": point.measured_on,
    }


def build_record(report: BuildReport) -> dict[str, Any]:
    """Return what a build did: `build --json`, but for its schema."""
    return {
        "fingerprint": report.fingerprint,
        "published": report.published,
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "documents": report.documents,
        "passages": report.passages,
        "encoded": report.encoded,
        "skipped": _skipped_records(report.skipped),
        "duplicates": [list(pair) for pair in report.duplicates],
        "seconds": report.seconds,
        "findings": [finding_record(finding) for finding in report.findings],
        "operating_point": operating_point_record(report.operating_point) if report.operating_point else None,
    }


def status_record(status: CorpusStatus) -> dict[str, Any]:
    """Return the index against the corpus: the beginning of `status --json`, but for its schema."""
    return {
        "current": status.current,
        "added": list(status.added),
        "changed": list(status.changed),
        "removed": list(status.removed),
        "skipped": _skipped_records(status.skipped),
        "duplicates": [list(pair) for pair in status.duplicates],
        "reasons": list(status.reasons),
        "state": status.state,
    }


def added_record(added: Added, build: BuildReport | None) -> dict[str, Any]:
    """Return what was put into the corpus folder, and the build after it: `add --json`, but for its schema."""
    return {
        "added": list(added.added),
        "replaced": list(added.replaced),
        "unchanged": list(added.unchanged),
        "skipped": _skipped_records(added.skipped),
        "build": build_record(build) if build else None,
    }


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return one thing to mend."""
    return {
        "path": finding.path,
        "level": finding.level,
        "kind": finding.kind,
        "message": finding.message,
        "lines": list(finding.lines) if finding.lines else None,
        "page": finding.page,
    }


def _skipped_records(skipped: Sequence[SkippedSource]) -> list[dict[str, Any]]:
    return [
        {"path": each.path, "reason": each.reason, "advice": each.advice, "sha256": each.sha256} for each in skipped
    ]


def proof_record(proof: IndexProof) -> dict[str, Any]:
    """Return what reading every source again showed: the beginning of `verify --json`, but for its schema."""
    return {
        "sound": proof.sound,
        "documents": proof.documents,
        "passages": proof.passages,
        "proven": proof.proven,
        "problems": [{"path": each.path, "reason": each.reason, "passages": each.passages} for each in proof.problems],
        "damaged_files": list(proof.damaged_files),
    }


def quotation_proof_record(proof: QuotationProof) -> dict[str, Any]:
    """Return where a quotation stands in the sources."""
    return {
        "verdict": proof.verdict,
        "places": [_place_record(place) for place in proof.places],
        "near": [_place_record(place) for place in proof.near],
        "unreadable": list(proof.unreadable),
    }


def _place_record(place: QuotationPlace) -> dict[str, Any]:
    return {
        "document_id": place.document_id,
        "path": place.path,
        "start": place.start,
        "end": place.end,
        "furniture": place.furniture,
    }
