"""Tokenise examples for the reader, keep them in arrays, and put them together in batches of about one length.

A text is `[CLS] question [SEP] context. passage [SEP]`. A question is cut in its middle, a passage to a window of whole
sentences round what answers, or round a place by chance.
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

from rag.text.splitting import sentence_spans

MOST_QUESTION, MOST_CONTEXT, MOST_TOKENS = 40, 20, 128
CLS, SEP = 101, 102
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
    question = _middle_out(tokenizer.encode(values["question"], add_special_tokens=False).ids, MOST_QUESTION)
    context = values["context"].strip()
    above = tokenizer.encode(f"{context}." if context else "", add_special_tokens=False).ids[:MOST_CONTEXT]
    text = values["passage"]
    spans = _sentences(text)
    room = MOST_TOKENS - len(question) - len(above) - 3
    kept = _window(values, text, spans, tokenizer, room)
    ids, sentence, tokens, labels = [], [], [], []
    answers = [tuple(span) for span in values["spans"]]
    known = values["grain"] != "none" or not values["answers"]
    for number, (start, end) in enumerate(kept):
        encoded = tokenizer.encode(text[start:end], add_special_tokens=False)
        inside = [_meet(start + a, start + b, answers) for a, b in encoded.offsets]
        ids += encoded.ids
        sentence += [number] * len(encoded.ids)
        tokens += [int(each) if known else UNKNOWN for each in inside]
        labels.append(int(_meet(start, end, answers)) if known else UNKNOWN)
    ids, sentence, tokens = ids[:room], sentence[:room], tokens[:room]
    first = [CLS, *question, SEP, *above]
    return Example(
        ids=numpy.array([*first, *ids, SEP], dtype=numpy.int32),
        types=numpy.array([0] * (len(question) + 2) + [1] * (len(above) + len(ids) + 1), dtype=numpy.int8),
        sentence=numpy.array([-1] * len(first) + sentence + [-1], dtype=numpy.int16),
        tokens=numpy.array([UNKNOWN] * len(first) + tokens + [UNKNOWN], dtype=numpy.int16),
        sentences=numpy.array(labels[: max(sentence, default=-1) + 1], dtype=numpy.int16),
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


def _window(
    values: Values, text: str, spans: Sequence[tuple[int, int]], tokenizer: Tokenizer, room: int
) -> list[tuple[int, int]]:
    """Return as many sentences in a row as there is room for: round the first that answers, or by chance."""
    lengths = [len(tokenizer.encode(text[start:end], add_special_tokens=False).ids) for start, end in spans]
    if sum(lengths) <= room:
        return list(spans)
    chance = int(hashlib.sha256(str(values["id"]).encode()).hexdigest(), 16)
    answering = [n for n, (start, end) in enumerate(spans) if _meet(start, end, [tuple(s) for s in values["spans"]])]
    first = last = answering[0] if answering else chance % len(spans)
    used = lengths[first]
    turn = chance >> 8
    while True:
        ways = [way for way in (first - 1, last + 1) if 0 <= way < len(spans) and used + lengths[way] <= room]
        if not ways:
            return list(spans[first : last + 1])
        way = ways[turn % len(ways)]
        turn >>= 1
        used += lengths[way]
        first, last = min(first, way), max(last, way)


def _meet(start: int, end: int, spans: Sequence[tuple[int, ...]]) -> bool:
    return any(start < span[1] and span[0] < end for span in spans)


def _middle_out(ids: list[int], most: int) -> list[int]:
    """Return the beginning and the end of what is longer than `most`: messages ask at either end."""
    if len(ids) <= most:
        return ids
    return [*ids[: most // 3], *ids[-(most - most // 3) :]]
