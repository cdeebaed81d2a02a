"""What an index depends on besides its sources and its model: when any of this changes, documents are made anew."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from rag.search.answerability import JUDGEMENT_VERSION
from rag.text.splitter_settings import SPLITTER, SPLITTER_VERSION

READERS_VERSION = 6
"""Raised when any reader may give another text or other blocks for the same bytes."""


CUE_RULES = ("design", "subjects", "hedge", "speculation", "effect", "no_effect", "funding", "grade", "words")
"""The files of `rag/text/labels/rules/` by which passages are labelled."""

EVIDENCE_VERSION = 1
"""Raised when the same words may be labelled with other cues by the same rules."""


def making() -> dict[str, int]:
    """Return all of it by name, as the manifest records it."""
    versions = {"readers": READERS_VERSION, "splitter": SPLITTER_VERSION, "evidence": _of_the_evidence_rules()}
    return {**versions, **asdict(SPLITTER)}


@cache
def _of_the_evidence_rules() -> int:
    """Return a checksum of the rules by which passages are labelled: their cues are kept with them."""
    folder = files("rag.text.labels").joinpath("rules")
    rules = [folder.joinpath(f"{name}.toml").read_bytes() for name in CUE_RULES]
    return zlib.crc32(b"\0".join((str(EVIDENCE_VERSION).encode(), *rules)))


def calibrated_with(question_set_sha256: str) -> str:
    """Return the hash of what an index's calibration is made from: the corpus's own questions, and our judgement."""
    coefficients = files("rag.search").joinpath("answerability.toml").read_bytes()
    parts = (str(JUDGEMENT_VERSION).encode(), question_set_sha256.encode(), coefficients)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
