"""Reading in a process of its own: the same documents, and what a document can do to it."""

from __future__ import annotations

import datetime
import hashlib
import os
import signal
from pathlib import Path

import pytest
from made.pdf_file import column, pdf_file

from rag.building.build import build
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError, UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Source
from rag.corpus.lint.check import check
from rag.readers.apart import ReadingApart
from rag.readers.registry import read_document

PDF = pdf_file(column(["Zorbulin binds the zorb receptor of the liver,", "and nobody has said why it should."]))


def source(data: bytes, path: str = "a.pdf") -> Source:
    return Source(path, hashlib.sha256(data).hexdigest())


def test_it_reads_what_is_read_here() -> None:
    html = b"<!doctype html><title>T</title><p>Zorbulin is <b>safe</b>.</p>"
    with ReadingApart() as reader:
        for data, path in ((PDF, "a.pdf"), (html, "a.html"), (b"Zorbulin.\n", "a.txt")):
            assert reader.read(source(data, path), data) == read_document(source(data, path), data)


def test_plain_text_starts_no_process() -> None:
    with ReadingApart() as reader:
        reader.read(source(b"Zorbulin.\n", "a.txt"), b"Zorbulin.\n")
        assert reader._process is None


def test_what_is_unreadable_is_so_apart() -> None:
    scanned = pdf_file([])
    with ReadingApart() as reader, pytest.raises(UnreadableDocument, match="no text layer") as raised:
        reader.read(source(scanned), scanned)
    assert raised.value.advice


def test_a_document_that_takes_too_long_is_left_out_and_the_next_one_read() -> None:
    with ReadingApart(Limits(seconds=0)) as reader:  # no time at all
        with pytest.raises(UnreadableDocument, match="longer than 0 seconds"):
            reader.read(source(PDF), PDF)
        reader.seconds = Limits().seconds
        assert "Zorbulin" in reader.read(source(PDF), PDF).text


def test_a_process_that_dies_takes_one_document_with_it() -> None:
    with ReadingApart() as reader:
        reader.read(source(PDF), PDF)
        assert reader._process is not None
        os.kill(reader._process.pid, signal.SIGSEGV)
        with pytest.raises(UnreadableDocument, match=r"ended over it \(SIG"):
            reader.read(source(PDF), PDF)
        assert "Zorbulin" in reader.read(source(PDF), PDF).text


def test_a_document_that_takes_too_much_memory_is_left_out() -> None:
    large = b"<!doctype html>" + b"<p>Zorbulin is safe, they say.</p>" * 400_000
    with ReadingApart(Limits(memory=150)) as reader, pytest.raises(UnreadableDocument):
        reader.read(source(large, "a.html"), large)


def test_a_build_names_what_it_left_out_and_takes_in_the_rest(own: Settings, tmp_path: Path) -> None:
    (own.corpus / "good.pdf").write_bytes(PDF)
    (own.corpus / "scan.pdf").write_bytes(pdf_file([]))
    (own.corpus / "broken.docx").write_bytes(b"PK\x03\x04 not really")
    (own.corpus / "table.xlsx").write_bytes(b"PK\x03\x04 neither")
    report = build(own)
    assert report.added == ("good.pdf",)
    assert {skipped.path for skipped in report.skipped} == {"scan.pdf", "broken.docx", "table.xlsx"}
    found = {(finding.path, finding.kind) for finding in check(own.corpus, datetime.date(2026, 5, 4))}
    assert {(name, "unreadable") for name in ("scan.pdf", "broken.docx", "table.xlsx")} <= found


def test_limits_are_settings(tmp_path: Path) -> None:
    (tmp_path / "rag.toml").write_text('[reading]\npages = 7\npasswords = ["a", "b"]\n')
    assert load_settings(tmp_path).reading == Limits(pages=7, passwords=("a", "b"))


@pytest.mark.parametrize(
    "line", ["pages = 0", "pages = true", 'pages = "7"', "paper = 3", 'passwords = "a"', "seconds = 1.5"]
)
def test_a_wrong_limit_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "rag.toml").write_text(f"[reading]\n{line}\n")
    with pytest.raises(ConfigError, match="reading"):
        load_settings(tmp_path)
