"""Keep the manifest of a generation: what it was made from and with, and the checksums of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from rag.core.errors import IndexDamaged, IndexMismatch, NotFound
from rag.core.system.checksums import FileRecord, seal_holds, sealed
from rag.core.types.documents import CatalogueEntry, SkippedSource, Source, Withdrawal
from rag.core.types.reports import Calibration
from rag.index.dense.dense_kinds import EXACT, DenseKind
from rag.index.store.entries import catalogue_entry, known, stated_values

SCHEMA = 13
"""Raised when files of an index change their meaning; an index of another schema is built anew."""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One document of an index: its source as it was, and how many passages it has.

    `withdrawn` goes by what the catalogue and the document itself say: here a question need not look into the store.
    """

    id: str
    path: str
    sha256: str
    passages: int
    catalogue: CatalogueEntry = CatalogueEntry()
    withdrawn: Withdrawal | None = None

    @property
    def source(self) -> Source:
        """The source that this document was read from."""
        return Source(self.path, self.sha256, self.catalogue)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The ingredients of an index besides its documents, and the sources that go in once or not at all.

    `model` is named and `encoder` is its export's fingerprint; `precisions` are those that the vectors were made in,
    "float32" and "bfloat16". `making` holds everything but the sources that can change an answer, by name.
    `synonyms_sha256` is the hash of the file that the synonyms were read from, empty where there was none;
    `calibrated_with` is the hash of what the calibration was made from. `duplicates` are pairs of paths: one that is
    left out, and the one of the same content.
    """

    model: str
    encoder: str
    precisions: frozenset[str]
    making: Mapping[str, int]
    synonyms_sha256: str
    calibrated_with: str
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Manifest(Recipe):
    """The recipe of a generation, what it holds, and what the bytes of each of its `files` were.

    `published` is a time (ISO 8601), `corpus` the corpus folder relative to the index folder, `dense` how vectors are
    searched. `calibration` is None where the corpus has no questions of its own.
    """

    published: str
    corpus: str
    documents: tuple[DocumentRecord, ...]
    passages: int
    files: Mapping[str, FileRecord]
    dense: DenseKind = EXACT
    calibration: Calibration | None = None

    @staticmethod
    def of(
        recipe: Recipe,
        *,
        published: str,
        corpus: str,
        documents: tuple[DocumentRecord, ...],
        passages: int,
        files: Mapping[str, FileRecord],
        dense: DenseKind,
    ) -> Manifest:
        """Return the manifest of what was made by a recipe, before it is calibrated."""
        made_with = {field.name: getattr(recipe, field.name) for field in fields(Recipe)}
        return Manifest(
            **made_with,
            published=published,
            corpus=corpus,
            documents=documents,
            passages=passages,
            files=files,
            dense=dense,
        )

    def document(self, name: str) -> DocumentRecord:
        """Return the document with an id, a beginning of one (4 characters or more), or a path. Raises `NotFound`."""
        wanted = [record for record in self.documents if name in (record.id, record.path)] or [
            record for record in self.documents if len(name) >= 4 and record.id.startswith(name)
        ]
        if len(wanted) != 1:
            many = "More than one document matches" if wanted else "There is no document"
            raise NotFound(f"{many} {name!r}.", "List them with: python -m rag sources")
        return wanted[0]

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with everything that can change an answer."""
        made_from = {
            "schema": SCHEMA,
            "encoder": self.encoder,
            "precisions": sorted(self.precisions),
            "making": dict(self.making),
            "calibration": [self.calibrated_with, asdict(self.calibration) if self.calibration else None],
            "synonyms": self.synonyms_sha256,
            "dense": asdict(self.dense),
            "documents": [[doc.path, doc.sha256, known(doc.catalogue), doc.withdrawn] for doc in self.documents],
        }
        return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


_ORDER = (
    "published", "corpus", "model", "encoder", "precisions", "making", "synonyms_sha256", "documents", "skipped",
    "duplicates", "passages", "files", "dense", "calibration", "calibrated_with",
)  # fmt: skip
"""The order of the fields in the file: an index that is built again is the same bytes, but for the time."""


def manifest_to_json(manifest: Manifest) -> str:
    """Return the manifest's file."""
    documents = [
        {**_plain(doc), "catalogue": stated_values(doc.catalogue), "withdrawn": doc.withdrawn}
        for doc in manifest.documents
    ]
    rest = asdict(replace(manifest, documents=()))  # it copies deeply, which takes long for thousands of documents
    rest |= {"precisions": sorted(manifest.precisions), "documents": documents}
    rest = {name: rest.pop(name) for name in _ORDER} | rest
    return sealed({"schema": SCHEMA, "fingerprint": manifest.fingerprint, **rest})


def _plain(record: DocumentRecord) -> dict[str, Any]:
    return {"id": record.id, "path": record.path, "sha256": record.sha256, "passages": record.passages}


@lru_cache(maxsize=2)
def manifest_from_json(text: str) -> Manifest:
    """Read a manifest, which one question opens several times.

    Raises `IndexMismatch` for another schema, `IndexDamaged` when it is not one.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        schema, fingerprint = values.pop("schema"), values.pop("fingerprint")
        if schema != SCHEMA:
            raise IndexMismatch(
                f"The index has schema {schema}; this version reads {SCHEMA}.",
                "Build it anew with: python -m rag build --rebuild",
            )
        del values["checksum"]
        manifest = Manifest(
            **{
                **values,
                "documents": tuple(
                    DocumentRecord(**{**doc, "catalogue": catalogue_entry(doc["catalogue"])})
                    for doc in values["documents"]
                ),
                "skipped": tuple(SkippedSource(**skipped) for skipped in values["skipped"]),
                "duplicates": tuple((path, of) for path, of in values["duplicates"]),
                "precisions": frozenset(map(str, values["precisions"])),
                "dense": DenseKind(**values["dense"]),
                "calibration": _calibration(values["calibration"]),
                "files": {name: FileRecord(**record) for name, record in values["files"].items()},
            }
        )
        if fingerprint != manifest.fingerprint:
            raise ValueError("its fingerprint is not that of its content")
        if not seal_holds(text):
            raise ValueError("its checksum is not that of its content")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"The index's manifest cannot be read ({error}).") from error


def _calibration(values: Mapping[str, Any] | None) -> Calibration | None:
    if values is None:
        return None
    good, bad, near = (tuple(map(float, values[name])) for name in ("good", "bad", "near"))
    slope, intercept = float(values["slope"]), float(values["intercept"])
    return Calibration(slope, intercept, good, bad, str(values["measured_on"]), near, str(values["read_by"]))
