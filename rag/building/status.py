"""Compare the published index with the corpus as it is now: what a build would change, and why. Changes nothing."""

from __future__ import annotations

import hashlib

from rag.building.versions import calibrated_with, making
from rag.core.config import Settings
from rag.core.corpus_files import SYNONYMS
from rag.core.types.documents import CatalogueEntry, Source
from rag.core.types.reports import CorpusStatus
from rag.corpus.question_set import question_set_sha256
from rag.corpus.scan import Scan, scan
from rag.corpus.synonyms_file import read_synonyms
from rag.encoder.model import model_fingerprint
from rag.index.folder import IndexFolder
from rag.index.opening import OpenIndex, open_published

_NOTHING_KNOWN = CatalogueEntry()


def status(settings: Settings) -> CorpusStatus:
    """Compare the published index with the corpus without changing either.

    Raises `IndexUnusable` when there is no index to compare, `NotFound` when there is no corpus.
    """
    opened = open_published(settings.index)
    folder = IndexFolder(settings.index)
    known = folder.read_fingerprints()
    scanned = scan(settings.corpus, known)
    if dict(scanned.fingerprints) != known:
        folder.write_fingerprints(scanned.fingerprints)
    synonyms, questions = read_synonyms(settings.corpus).sha256, question_set_sha256(settings.corpus)
    return difference(opened, scanned, settings, synonyms_sha256=synonyms, questions_sha256=questions)


def difference(
    previous: OpenIndex | None, scanned: Scan, settings: Settings, *, synonyms_sha256: str, questions_sha256: str
) -> CorpusStatus:
    """Say what a build would change, and why, given the hashes of the files that say something of all documents."""
    manifest = previous.manifest if previous else None
    indexed = {record.path: record.source for record in manifest.documents} if manifest else {}
    left_out = {skipped.path: skipped for skipped in manifest.skipped} if manifest else {}
    sources = {source.path: source for source in scanned.sources}

    def known_unreadable(source: Source) -> bool:
        return source.path in left_out and left_out[source.path].sha256 == source.sha256

    added = [path for path, source in sources.items() if path not in indexed and not known_unreadable(source)]
    changed = [path for path, source in sources.items() if path in indexed and indexed[path] != source]
    removed = [path for path in indexed if path not in sources]
    reasons = []
    if manifest is not None:
        if manifest.encoder != model_fingerprint(settings.model):
            reasons.append(
                f"the model is {settings.model}, the index was made with {manifest.model} or another version"
            )
        if dict(manifest.making) != making():
            reasons.append("this version reads or splits documents differently")
        if manifest.synonyms_sha256 != synonyms_sha256:
            reasons.append(f"{SYNONYMS} has changed")
        if tuple(manifest.duplicates) != scanned.duplicates:
            reasons.append("other files have the same content as before")
        if manifest.calibrated_with != calibrated_with(questions_sha256):
            reasons.append("the corpus's own questions are others, or this version judges differently")
    still_left_out = [
        skipped for skipped in left_out.values() if skipped.path in sources and known_unreadable(sources[skipped.path])
    ]
    return CorpusStatus(
        current=not (added or changed or removed or reasons),
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(removed),
        skipped=(*scanned.skipped, *still_left_out),
        duplicates=scanned.duplicates,
        reasons=tuple(reasons),
        state=_state(scanned, synonyms_sha256, questions_sha256),
    )


def _state(scanned: Scan, synonyms_sha256: str, questions_sha256: str) -> str:
    sources = [(source.path, source.sha256) for source in scanned.sources]
    entries = [(source.path, source.entry) for source in scanned.sources if source.entry != _NOTHING_KNOWN]
    content = repr((sources, entries, scanned.skipped, scanned.duplicates, synonyms_sha256, questions_sha256))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
