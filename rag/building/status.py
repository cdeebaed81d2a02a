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
    found = scan(settings.corpus, known)
    if dict(found.fingerprints) != known:
        folder.write_fingerprints(found.fingerprints)
    synonyms, questions = read_synonyms(settings.corpus).sha256, question_set_sha256(settings.corpus)
    return difference(opened, found, settings, synonyms_sha256=synonyms, questions_sha256=questions)


def difference(
    previous: OpenIndex | None, found: Scan, settings: Settings, *, synonyms_sha256: str, questions_sha256: str
) -> CorpusStatus:
    """Say what a build would change, and why, given the hashes of the files that say something of all documents."""
    manifest = previous.manifest if previous else None
    indexed = {record.path: record.source for record in manifest.documents} if manifest else {}
    left_out = {skipped.path: skipped for skipped in manifest.skipped} if manifest else {}
    here = {source.path: source for source in found.sources}

    def known_unreadable(source: Source) -> bool:
        return source.path in left_out and left_out[source.path].sha256 == source.sha256

    added = [path for path, source in here.items() if path not in indexed and not known_unreadable(source)]
    changed = [path for path, source in here.items() if path in indexed and indexed[path] != source]
    removed = [path for path in indexed if path not in here]
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
        if tuple(manifest.duplicates) != found.duplicates:
            reasons.append("other files have the same content as before")
        if manifest.calibrated_with != calibrated_with(questions_sha256):
            reasons.append("the corpus's own questions are others, or this version judges differently")
    still_left_out = [
        skipped for skipped in left_out.values() if skipped.path in here and known_unreadable(here[skipped.path])
    ]
    return CorpusStatus(
        current=not (added or changed or removed or reasons),
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(removed),
        skipped=(*found.skipped, *still_left_out),
        duplicates=found.duplicates,
        reasons=tuple(reasons),
        state=_state(found, synonyms_sha256, questions_sha256),
    )


def _state(found: Scan, synonyms_sha256: str, questions_sha256: str) -> str:
    sources = [(source.path, source.sha256) for source in found.sources]
    entries = [(source.path, source.entry) for source in found.sources if source.entry != _NOTHING_KNOWN]
    held = repr((sources, entries, found.skipped, found.duplicates, synonyms_sha256, questions_sha256))
    return hashlib.sha256(held.encode("utf-8", "surrogatepass")).hexdigest()[:16]
