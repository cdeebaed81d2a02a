"""What is fuzzed: each reader, with valid files of its format, a way to change them, and what is tried with them."""

from __future__ import annotations

import hashlib
import json
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fuzzing import mutation, seeds
from fuzzing.soundness import faults
from rag.core.config import load_settings
from rag.core.corpus_files import CATALOGUE, QUESTION_SET, SYNONYMS
from rag.core.errors import ConfigError, CorpusError, UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Source
from rag.corpus.catalogue import read_catalogue
from rag.corpus.question_set import read_question_set
from rag.corpus.synonyms_file import read_synonyms
from rag.readers.apart import ReadingApart
from rag.readers.registry import read_document

SECONDS = 10
"""A changed file of some kilobytes takes milliseconds."""

_LIMITS = Limits(seconds=SECONDS, memory=2_048)


@dataclass(frozen=True)
class Target:
    """`attempt` returns what is wrong; nothing for what was read soundly or refused."""

    seeds: Callable[[], Sequence[bytes]]
    mutate: mutation.Mutation
    attempt: Callable[[bytes], list[str]]


class TooLongError(BaseException):
    """Reading went on; no `Exception`, so that no reader takes it for one of its parser's."""


def _reading(path: str) -> Callable[[bytes], list[str]]:
    def attempt(data: bytes) -> list[str]:
        source = Source(path, hashlib.sha256(data).hexdigest())
        return _outcome(lambda: read_document(source, data, _LIMITS))

    return attempt


_readers: list[ReadingApart] = []


def _reading_apart(data: bytes) -> list[str]:
    """Read in a process of its own, as whatever crashes must be; one process for all tries."""
    if not _readers:
        _readers.append(ReadingApart(_LIMITS))
    source = Source("a.pdf", hashlib.sha256(data).hexdigest())
    return _outcome(lambda: _readers[0].read(source, data))


def close() -> None:
    """End the process that reads apart, if one was started."""
    while _readers:
        _readers.pop().close()


def _outcome(read: Callable[[], Any]) -> list[str]:
    try:
        with _limited():
            document = read()
            return faults(document)
    except UnreadableDocument as refusal:
        if "longer than" in refusal.message:
            return [refusal.message]
        return [] if refusal.message.strip() and refusal.advice.strip() else ["a refusal without a reason or advice"]
    except TooLongError:
        return [f"longer than {SECONDS} seconds"]
    except Exception as error:  # noqa: BLE001 - which is what is looked for
        return [f"{type(error).__name__}: {error!s:.200}"]


def _beside(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], list[str]]:
    """Try a file that lies beside the documents: what it says can be written down, or it is refused."""

    def attempt(data: bytes) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, name).write_bytes(data)
            try:
                with _limited():
                    said = read(Path(folder))
                json.dumps(said, default=_plain, ensure_ascii=False).encode("utf-8")
            except (CorpusError, ConfigError) as refusal:
                return [] if refusal.message.strip() and refusal.advice.strip() else ["a refusal without advice"]
            except TooLongError:
                return [f"longer than {SECONDS} seconds"]
            except Exception as error:  # noqa: BLE001 - which is what is looked for
                return [f"{type(error).__name__}: {error!s:.200}"]
        return []

    return attempt


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else asdict(value)


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _encoded(texts: Callable[[], Sequence[str]]) -> Callable[[], Sequence[bytes]]:
    return lambda: [text.encode() for text in texts()]


TARGETS = {
    "plain text": Target(
        _encoded(lambda: [*seeds.TEXTS, *seeds.exports(), *seeds.MARKDOWN]), mutation.text, _reading("a.txt")
    ),
    "Markdown": Target(_encoded(lambda: [*seeds.MARKDOWN, *seeds.TEXTS]), mutation.text, _reading("a.md")),
    "HTML fragments": Target(_encoded(lambda: seeds.FRAGMENTS), mutation.text, _reading("a.html")),
    "web pages": Target(_encoded(lambda: seeds.PAGES), mutation.text, _reading("a.html")),
    "PDF": Target(seeds.pdf_files, mutation.pdf, _reading_apart),
    "Word": Target(seeds.word_files, mutation.archive, _reading("a.docx")),
    "EPUB": Target(seeds.books, mutation.archive, _reading("a.epub")),
    "JATS": Target(_encoded(lambda: seeds.ARTICLES), mutation.xml, _reading("a.xml")),
    "catalogue": Target(_encoded(lambda: seeds.CATALOGUES), mutation.text, _beside(CATALOGUE, read_catalogue)),
    "question set": Target(_encoded(lambda: seeds.QUESTIONS), mutation.text, _beside(QUESTION_SET, read_question_set)),
    "synonyms": Target(_encoded(lambda: seeds.SYNONYMS), mutation.text, _beside(SYNONYMS, read_synonyms)),
    "settings": Target(_encoded(lambda: seeds.SETTINGS), mutation.text, _beside("rag.toml", load_settings)),
}
