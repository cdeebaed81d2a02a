"""Write the lexical index in parts, so that a build analyses only those in which something changed.

A part is some documents that follow each other: one or more segments of tantivy's, none of which knows of any other.
The segments of all parts make one index, whose term statistics are those of all of them; nothing is ever deleted from
one, for what tantivy deletes goes on counting. In a part passages and documents have numbers of their own, with the
part's number above them (`OF_PART`), and `parts.json` says which part comes where: what is taken over stays as it was,
however the rows before it have shifted. Parts are in the order of the rows, and so are equal scores.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import tantivy

from rag.index.lexical.schema import schema
from rag.text.analysis import ANALYZER, analyzer

PARTS_FILE = "parts.json"
OF_PART = 1 << 32
"""What a part's number is multiplied by."""

SMALLEST, MOST = 4_000, 32
"""How many passages a part has at least, and how many parts there are, about: each makes a question slower."""

_META, _MANAGED = "meta.json", ".managed.json"
Passages = Iterable[tuple[str, str]]
"""What passages are found by, and what they stand under."""


@dataclass(frozen=True, slots=True)
class LexicalPart:
    """Some documents that follow each other; `number` is what their rows bear, `segments` are tantivy's names."""

    number: int
    documents: int
    passages: int
    segments: tuple[str, ...]


Stretch = tuple[LexicalPart | None, int, int]
"""Where some documents that follow each other begin and end, and the part that they are taken over in, or None."""


@dataclass(frozen=True, slots=True)
class Before:
    """The lexical index before: its folder, and the ids of its documents in order."""

    folder: Path
    documents: Sequence[str]


def write_parts(
    folder: Path,
    documents: Sequence[tuple[str, int]],
    texts_of: Callable[[int], Passages],
    before: Before | None = None,
    kept: Callable[[int], bool] = lambda number: False,
) -> None:
    """Write the lexical index of documents, given as their ids and how many passages each has, in order.

    `texts_of` gives the passages of a document by its place. Parts whose documents are all `kept` as they were in the
    index `before` are copied from it. Raises `OSError` when the disk refuses.
    """
    folder.mkdir(parents=True)
    known = read_parts(before.folder) if before else []
    described = _segments(before.folder) if before else {}
    number = max((part.number for part in known), default=-1)
    parts = []
    for taken, start, stop in _planned(documents, before, known, kept):
        if taken is not None and before is not None:
            _take_files(before.folder, folder, taken.segments, shutil.copyfile)
            parts.append(taken)
            continue
        number += 1
        own = folder / f"part-{number}"
        own.mkdir()
        counts = [count for _, count in documents[start:stop]]
        passages = (pair for place in range(start, stop) for pair in texts_of(place))
        write_segments(own, passages, counts, number)
        made = _segments(own)
        _take_files(own, folder, list(made), shutil.move)
        shutil.rmtree(own)
        described |= made
        parts.append(LexicalPart(number, len(counts), sum(counts), tuple(made)))
    with _disk_errors(folder):
        tantivy.Index(schema(), str(folder))  # what an index has besides its segments
    _name_segments(folder, [described[segment] for part in parts for segment in part.segments])
    (folder / PARTS_FILE).write_text(json.dumps([asdict(part) for part in parts]), encoding="utf-8")


def write_segments(folder: Path, passages: Passages, counts: Sequence[int], part: int = 0) -> None:
    """Write an index of passages in the order of their rows, `counts` of them in each document, as one part.

    Raises `OSError` when the disk refuses.
    """
    with _disk_errors(folder):
        index = tantivy.Index(schema(), str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        # One thread and one commit: the segments, and so the order of equal scores, depend on the passages alone.
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        above = part * OF_PART
        of = (above + place for place, count in enumerate(counts) for _ in range(count))
        for row, ((text, context), document) in enumerate(zip(passages, of, strict=True), above):
            writer.add_document(tantivy.Document(text=text, context=context, row=row, document=document))
        writer.commit()
        writer.wait_merging_threads()


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Turn what tantivy says of a disk that refuses into `OSError`."""
    try:
        yield
    except ValueError as error:
        if "StorageFull" in str(error) or os.strerror(errno.ENOSPC) in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from error
        raise OSError(f"the lexical index cannot be written ({str(error)[:120]})") from error


def read_parts(folder: Path) -> list[LexicalPart]:
    """Return the parts of an index, in the order of its rows.

    Raises `OSError`, `ValueError`, `TypeError` or `KeyError` when the file is not there or does not hold any.
    """
    values = json.loads((folder / PARTS_FILE).read_text(encoding="utf-8"))
    return [LexicalPart(**{**part, "segments": tuple(part["segments"])}) for part in values]


def _planned(
    documents: Sequence[tuple[str, int]],
    before: Before | None,
    known: Sequence[LexicalPart],
    kept: Callable[[int], bool],
) -> list[Stretch]:
    """Return the parts that there will be, in order."""
    counts = [count for _, count in documents]
    wanted = max(SMALLEST, sum(counts) // MOST)
    if len(known) > 2 * MOST:  # the corpus has grown a lot since
        before = None
    plan: list[Stretch] = []
    at = 0
    for part, start in _unchanged(documents, before, known, kept):
        _fill(plan, at, start)
        plan.append((part, start, start + part.documents))
        at = start + part.documents
    _fill(plan, at, len(documents))
    return list(_cut(_without_small(plan, counts, wanted), counts, wanted))


def _fill(plan: list[Stretch], start: int, stop: int) -> None:
    if start < stop:
        plan.append((None, start, stop))


def _unchanged(
    documents: Sequence[tuple[str, int]],
    before: Before | None,
    known: Sequence[LexicalPart],
    kept: Callable[[int], bool],
) -> Iterator[tuple[LexicalPart, int]]:
    """Yield the parts of the index before whose documents follow each other here as they do there, and where."""
    if before is None:
        return
    place_of = {id_: place for place, (id_, _) in enumerate(documents) if kept(place)}
    for part, start in zip(known, accumulate((part.documents for part in known), initial=0), strict=False):
        places = [place_of.get(id_) for id_ in before.documents[start : start + part.documents]]
        first = places[0] if places else None
        if first is not None and places == list(range(first, first + len(places))):
            yield part, first


def _without_small(plan: Sequence[Stretch], counts: Sequence[int], wanted: int) -> list[Stretch]:
    """Join stretches that are too small for a part with what is beside them, which is written anew then."""
    joined: list[Stretch] = []
    for part, start, stop in plan:
        if joined and (_is_small((part, start, stop), counts, wanted) or _is_small(joined[-1], counts, wanted)):
            part, start = None, joined.pop()[1]
        joined.append((part, start, stop))
    return joined


def _is_small(stretch: Stretch, counts: Sequence[int], wanted: int) -> bool:
    """Say whether a stretch must be written and is too small to be a part."""
    part, start, stop = stretch
    return part is None and sum(counts[start:stop]) < wanted // 2


def _cut(plan: Iterable[Stretch], counts: Sequence[int], wanted: int) -> Iterator[Stretch]:
    """Cut stretches that are too large into parts of about the wanted size."""
    for part, start, stop in plan:
        if part is None:
            left, held = sum(counts[start:stop]), 0
            for place in range(start, stop):
                held, left = held + counts[place], left - counts[place]
                if held >= wanted and left >= wanted // 2:
                    yield None, start, place + 1
                    start, held = place + 1, 0
        yield part, start, stop


def _take_files(source: Path, target: Path, segments: Sequence[str], take: Callable[[Path, Path], Any]) -> None:
    for segment in segments:
        for file in source.glob(f"{segment.replace('-', '')}.*"):
            take(file, target / file.name)


def _segments(folder: Path) -> dict[str, Any]:
    """Return what tantivy says of the segments of an index, by their names, in order."""
    described = json.loads((folder / _META).read_text(encoding="utf-8"))["segments"]
    return {segment["segment_id"]: segment for segment in described}


def _name_segments(folder: Path, segments: Sequence[Any]) -> None:
    """Put segments into the two lists of them that tantivy keeps of an index, which has none yet."""
    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    (folder / _META).write_text(json.dumps({**meta, "segments": list(segments)}), encoding="utf-8")
    files = [file.name for file in folder.iterdir() if not file.name.startswith(".")]
    (folder / _MANAGED).write_text(json.dumps(files), encoding="utf-8")
