"""Tokenise examples for the reader, keep them in arrays, and put them together in batches of about one length.

Of a long passage a window of whole sentences is read: round what answers, or round a place by chance.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy
import torch
from reader_model import Batch
from tokenizers import Tokenizer

from rag.core.config import DEFAULT_MODEL
from rag.encoder.model import model_folder
from rag.encoder.reading_input import MOST_TOKENS, reading_input
from rag.text.splitting import sentence_spans

_AT_A_TIME = 500
"""Lines that a process is given at once: with each it gets the tokenizer anew."""

UNKNOWN = -100
"""Label of what is not known."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids with their types, sentence numbers (−1 in none) and labels, and the labels of its sentences.

    `group` is the same for examples that are told apart best beside one another: those of one passage.
    """

    ids: numpy.ndarray
    types: numpy.ndarray
    sentence: numpy.ndarray
    tokens: numpy.ndarray
    sentences: numpy.ndarray
    answers: int
    weight: float
    group: str
    kind: str


def own_tokenizer() -> Tokenizer:
    """Return the embedding model's tokenizer, which neither pads nor cuts."""
    tokenizer = Tokenizer.from_file(str(model_folder(DEFAULT_MODEL) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def read_examples(file: Path, tokenizer: Tokenizer) -> list[Example]:
    """Return the examples of a file of lines, tokenised; they are kept beside it, for that takes minutes."""
    kept = file.with_name(f"{file.name}.{MOST_TOKENS}.npz")
    if not kept.exists() or kept.stat().st_mtime < file.stat().st_mtime:
        with gzip.open(file, "rt", encoding="utf-8") as lines, _processes() as pool:
            _keep(list(pool.map(partial(_of_line, tokenizer=tokenizer), lines, chunksize=_AT_A_TIME)), kept)
    return list(_kept(kept))


def _processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(mp_context=get_context("spawn"))  # torch has threads, which are lost in a copy of it


def _of_line(line: str, tokenizer: Tokenizer) -> Example:
    return example(json.loads(line), tokenizer)


_ARRAYS = ("ids", "types", "sentence", "tokens", "sentences")
_VALUES = ("answers", "weight", "group", "kind")


def _keep(examples: Sequence[Example], file: Path) -> None:
    """Write examples as arrays: each kind of array one after the other, with where every example's begins."""
    columns: dict[str, Any] = {name: numpy.array([getattr(each, name) for each in examples]) for name in _VALUES}
    for name in _ARRAYS:
        arrays = [getattr(each, name) for each in examples]
        columns[name] = numpy.concatenate(arrays)
        columns[f"{name} begin"] = numpy.cumsum([0, *map(len, arrays)])
    numpy.savez(file, **columns)


def _kept(file: Path) -> Iterator[Example]:
    with numpy.load(file) as columns:
        read = {name: columns[name] for name in columns.files}
    for place in range(len(read["answers"])):
        begins = {name: read[f"{name} begin"] for name in _ARRAYS}
        arrays = {name: read[name][begins[name][place] : begins[name][place + 1]] for name in _ARRAYS}
        values = {name: read[name][place].item() for name in _VALUES}
        yield Example(**arrays, **values)


def example(values: Values, tokenizer: Tokenizer) -> Example:
    """Tokenise an example, given as the recipe writes it."""
    text = values["passage"]
    spans = _sentences(text)
    encoded = [tokenizer.encode(text[start:end], add_special_tokens=False) for start, end in spans]
    answers = [tuple(span) for span in values["spans"]]
    known = values["grain"] != "none" or not values["answers"]
    chance = int(hashlib.sha256(str(values["id"]).encode()).hexdigest(), 16)
    answering = [number for number, (start, end) in enumerate(spans) if _meet(start, end, answers)]
    context = values["context"].strip()
    read = reading_input(
        tokenizer.encode(values["question"], add_special_tokens=False).ids,
        tokenizer.encode(f"{context}." if context else "", add_special_tokens=False).ids,
        [each.ids for each in encoded],
        answering[0] if answering else chance % len(spans),
        chance >> 8,
    )
    inside = [
        int(_meet(spans[number][0] + a, spans[number][0] + b, answers)) if known else UNKNOWN
        for number in read.sentences
        for a, b in encoded[number].offsets
    ]
    own = numpy.array(read.sentence)
    tokens = numpy.full(len(own), UNKNOWN)
    tokens[own >= 0] = inside[: int((own >= 0).sum())]
    labels = [int(_meet(*spans[number], answers)) if known else UNKNOWN for number in read.sentences]
    return Example(
        ids=numpy.array(read.ids, dtype=numpy.int32),
        types=numpy.array(read.types, dtype=numpy.int8),
        sentence=numpy.where(own >= 0, own - read.sentences.start, -1).astype(numpy.int16),
        tokens=tokens.astype(numpy.int16),
        sentences=numpy.array(labels, dtype=numpy.int16),
        answers=int(values["answers"]),
        weight=float(values["weight"]),
        group=hashlib.sha256(text.encode()).hexdigest()[:12],
        kind=f"{values['source']}, {values['kind']}",
    )


@lru_cache(2_000)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the sentences of a passage lie; of one passage several questions are asked in a row."""
    return tuple(sentence_spans(text, 0, len(text))) or ((0, len(text)),)


def batches(examples: Sequence[Example], tokens: int, chance: numpy.random.Generator) -> Iterator[list[int]]:
    """Yield the places of examples of a batch, each about `tokens` with padding: alike in length, in random order.

    Examples of one passage stay together, so that a batch holds what must be told apart.
    """
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(examples):
        groups.setdefault(each.group, []).append(place)
    parts = [group[start : start + 8] for group in groups.values() for start in range(0, len(group), 8)]
    lengths = numpy.array([max(len(examples[place].ids) for place in part) for part in parts])
    order = numpy.argsort(lengths * chance.uniform(0.9, 1.1, len(parts)), kind="stable")
    made: list[list[int]] = []
    now: list[int] = []
    longest = 0
    for part in order:
        longer = max(longest, int(lengths[part]))
        if now and longer * (len(now) + len(parts[part])) > tokens:
            made.append(now)
            now, longer = [], int(lengths[part])
        now += parts[part]
        longest = longer
    made += [now] if now else []
    for number in chance.permutation(len(made)):
        yield made[number]


def batch(examples: Sequence[Example]) -> Batch:
    """Put examples together, padded to the longest."""
    length = max(len(each.ids) for each in examples)
    ids, types, sentence = (numpy.zeros((len(examples), length), dtype=numpy.int64) for _ in range(3))
    mask = numpy.zeros((len(examples), length), dtype=bool)
    sentence -= 1
    before = 0
    for row, each in enumerate(examples):
        count = len(each.ids)
        ids[row, :count], types[row, :count], mask[row, :count] = each.ids, each.types, True
        sentence[row, :count] = numpy.where(each.sentence >= 0, each.sentence + before, -1)
        before += len(each.sentences)
    tensors = [torch.from_numpy(each) for each in (ids, types, mask, sentence)]
    return Batch(tensors[0], tensors[1], tensors[2], tensors[3], before)


def labels(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return labels of the passages and their weights, of the sentences, and of the tokens, padded as the batch is."""
    length = max(len(each.ids) for each in examples)
    tokens = numpy.full((len(examples), length), UNKNOWN, dtype=numpy.float32)
    for row, each in enumerate(examples):
        tokens[row, : len(each.ids)] = each.tokens
    return (
        torch.tensor([float(each.answers) for each in examples]),
        torch.tensor([each.weight for each in examples]),
        torch.from_numpy(numpy.concatenate([each.sentences for each in examples]).astype(numpy.float32)),
        torch.from_numpy(tokens),
    )


def _meet(start: int, end: int, spans: Sequence[tuple[int, ...]]) -> bool:
    return any(start < span[1] and span[0] < end for span in spans)
