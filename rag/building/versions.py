"""Gather the versions that an index depends on besides its sources and its model.

When any of them changes, documents are made anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from importlib.resources import files

from rag.encoder.cross_encoder_files import cross_encoder_fingerprint
from rag.readers.formats import READERS_VERSION
from rag.search.answerability import JUDGEMENT_VERSION
from rag.text.labels.label_kinds import evidence_checksum
from rag.text.splitter_settings import SPLITTER, SPLITTER_VERSION

_LISTS = (".toml", ".txt")
"""Endings of the files that the judgement goes by: coefficients, lists of names and of aspects."""


def making() -> dict[str, int]:
    """Return all of it by name, as the manifest records it."""
    versions = {"readers": READERS_VERSION, "splitter": SPLITTER_VERSION, "evidence": evidence_checksum()}
    return {**versions, **asdict(SPLITTER)}


def calibrated_with(question_set_sha256: str) -> str:
    """Return the hash of what an index's calibration is made from: its corpus's questions, the judgement, reader."""
    folders = (files("rag.search"), *(files(f"rag.text.{room}").joinpath("lists") for room in ("names", "aspects")))
    lists = sorted(file.name for folder in folders for file in folder.iterdir() if file.name.endswith(_LISTS))
    by_name = {file.name: file for folder in folders for file in folder.iterdir()}
    parts = (
        str(JUDGEMENT_VERSION).encode(),
        question_set_sha256.encode(),
        cross_encoder_fingerprint().encode(),
        *(by_name[name].read_bytes() for name in lists),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
