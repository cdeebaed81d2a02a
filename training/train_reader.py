"""Train the reader on what reader_data.py wrote; goes on where a run before it stopped.

    python training/train_reader.py EXAMPLES_DIR TARGET_DIR [--layers 6] [--minutes 60] [--decay 2000]

TARGET_DIR/state.pt holds everything that the next run needs; TARGET_DIR/log.jsonl has a line every hundred steps, and
figures on dev.jsonl.gz and held_out.jsonl.gz every thousand. What is measured and exported is the moving average of the
weights. The order of the examples depends on the seed alone. The rate stays as it is until --decay says that these are
the last steps, over which it falls to nought (Hägele et al., "Scaling laws and compute-optimal training beyond fixed
training durations", 2024): so nobody need know beforehand how many there will be. TARGET_DIR/weights.safetensors holds
the average alone, in float16 and without the embeddings, which are the encoder's: --begin goes on from such a file,
where nothing else was kept. `training/kept/` has such a file and the log that led to it. On processors that multiply in
bfloat16 the weights that are multiplied are of that type, and those that are trained float32.
"""

from __future__ import annotations

import argparse
import copy
import ctypes
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy
import torch
from reader_examples import UNKNOWN, Example, batch, batches, labels, own_tokenizer, read_examples
from reader_model import Read, Reader, from_encoder
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from rag.core.config import DEFAULT_MODEL
from rag.encoder.model import model_folder
from rag.evaluation.refusal import auroc

TOKENS = 4096
"""Tokens of a batch, padding included."""

RATE, HEADS_RATE, WARM_UP, DECAY = 8e-5, 4e-4, 300, 0.01
AVERAGED = 0.999
"""Of the moving average of the weights, what of it stays at each step."""

EMBEDDINGS = ("words", "positions", "types")
"""Weights that are not trained: what words mean is known."""

SENTENCES, TOKENS_WEIGHT, PAIRS = 0.5, 0.5, 0.5
"""What the losses of sentences, of tokens and of pairs of one passage count beside that of passages."""

EVERY, MEASURED_EVERY, SAVED_EVERY = 100, 500, 240.0
"""Steps between lines of the log, steps between measurements, and seconds between saved states."""

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
"""Of glibc's mallopt(3)."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The losses of a batch."""

    answers: Tensor
    sentences: Tensor
    tokens: Tensor
    pairs: Tensor

    @property
    def together(self) -> Tensor:
        """The loss that is made smaller."""
        return self.answers + SENTENCES * self.sentences + TOKENS_WEIGHT * self.tokens + PAIRS * self.pairs


def losses(read: Read, examples: Sequence[Example]) -> Losses:
    """Return the losses of what was read of some examples."""
    answers, weights, sentences, tokens = labels(examples)
    logits = read.answers.float()
    each = functional.binary_cross_entropy_with_logits(logits, answers, reduction="none")
    return Losses(
        (each * weights).sum() / weights.sum(),
        _known(read.sentences.float(), sentences),
        _known(read.tokens.float(), tokens),
        _of_pairs(logits, answers, [one.group for one in examples]),
    )


def _known(logits: Tensor, wanted: Tensor) -> Tensor:
    known = wanted != UNKNOWN
    if not known.any():
        return logits.sum() * 0
    return functional.binary_cross_entropy_with_logits(logits[known], wanted[known])


def _of_pairs(logits: Tensor, answers: Tensor, groups: Sequence[str]) -> Tensor:
    """Return the loss of questions to one passage: one that it answers should stand above one that it does not.

    Burges et al., "Learning to rank using gradient descent", ICML 2005.
    """
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    of = torch.tensor([numbers[group] for group in groups])
    pairs = (of[:, None] == of[None, :]) & (answers[:, None] > answers[None, :])
    if not pairs.any():
        return logits.sum() * 0
    return functional.softplus(logits[None, :] - logits[:, None])[pairs].mean()


class Training:
    """A run of training, which can be saved and gone on with."""

    def __init__(self, reader: Reader, seed: int) -> None:
        """Begin with a reader."""
        self.reader, self.seed = reader, seed
        self.falls: tuple[int, int] | None = None
        """From and to which of the steps since the optimiser began the rate falls to nought."""
        self.average = copy.deepcopy(reader).eval()
        heads = ("pooled", "answers", "sentence", "token")
        for each in (reader.words, reader.positions, reader.types):
            each.requires_grad_(False)
        named = [(name, each) for name, each in reader.named_parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for n, p in named if n.partition(".")[0] in heads], "lr": HEADS_RATE},
                {"params": [p for n, p in named if n.partition(".")[0] not in heads], "lr": RATE},
            ],
            weight_decay=DECAY,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.step, self.epoch, self.place = 0, 0, 0
        self.low = copy.deepcopy(reader).to(torch.bfloat16) if has_bfloat16() else None

    def _rate(self, step: int) -> float:
        first, last = self.falls or (step, step + 1)
        return min((step + 1) / WARM_UP, 1.0, max(0.0, (last - step) / (last - first)))

    def learn(self, examples: Sequence[Example]) -> Losses:
        """Take a step on a batch."""
        made = batch(examples)
        worked = self.low or self.reader
        lost = losses(worked(made), examples)
        torch.autograd.backward(lost.together)
        if self.low is not None:
            for own, low in zip(self.reader.parameters(), self.low.parameters(), strict=True):
                own.grad, low.grad = low.grad.float() if low.grad is not None else None, None
        torch.nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.schedule.step()
        self.step += 1
        keep = min(AVERAGED, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, own in zip(self.average.parameters(), self.reader.parameters(), strict=True):
                mean.lerp_(own, 1 - keep)
            if self.low is not None:
                for own, low in zip(self.reader.parameters(), self.low.parameters(), strict=True):
                    low.copy_(own)
        return lost

    def order(self, examples: Sequence[Example]) -> Iterator[list[Example]]:
        """Yield batches, epoch after epoch, from where it stopped."""
        while True:
            made = list(batches(examples, TOKENS, numpy.random.default_rng((self.seed, self.epoch))))
            while self.place < len(made):
                self.place += 1
                yield [examples[number] for number in made[self.place - 1]]
            self.epoch, self.place = self.epoch + 1, 0

    def save(self, file: Path) -> None:
        """Write what the next run needs."""
        state = {
            "reader": self.reader.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "schedule": self.schedule.state_dict(),
            "size": asdict(self.reader.size), "at": (self.step, self.epoch, self.place),
        }  # fmt: skip
        torch.save(state, file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)
        weights = {
            name: value.to(torch.float16)
            for name, value in self.average.state_dict().items()
            if name.partition(".")[0] not in EMBEDDINGS
        }
        save_file(
            weights, file.with_name("weights.safetensors"), {"at": json.dumps([self.step, self.epoch, self.place])}
        )

    def load(self, file: Path) -> None:
        """Go on from what a run before wrote."""
        state = torch.load(file, weights_only=True)
        self.reader.load_state_dict(state["reader"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.epoch, self.place = state["at"]
        if self.low is not None:
            self.low.load_state_dict(self.reader.state_dict())

    def begin(self, file: Path) -> None:
        """Go on from averaged weights alone; the optimiser begins anew, and with it the rate."""
        weights = {name: value.float() for name, value in load_file(file).items()}
        for reader in (self.reader, self.average):
            reader.load_state_dict(weights, strict=False)
        with safe_open(file, "pt") as kept:
            self.step, self.epoch, self.place = json.loads(kept.metadata()["at"])


def keep_memory() -> None:
    """Keep what is freed for the next step, where the C library can: a step takes a quarter less of the processor.

    Every step needs the same gigabyte anew, and the system gives it page by page, and cleared.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(M_MMAP_MAX, 0)
            library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)


def has_bfloat16() -> bool:
    """Say whether the processor multiplies in bfloat16 itself; elsewhere that is slower than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


@torch.no_grad()
def measure(reader: Reader, examples: Sequence[Example]) -> dict[str, Any]:
    """Return the loss, the AUROC of each kind without an answer against all of its source's with one, and hit@1."""
    logits = numpy.zeros(len(examples))
    lost, seen, hits, asked = 0.0, 0, 0, 0
    for places in batches(examples, TOKENS, numpy.random.default_rng(0)):
        some = [examples[place] for place in places]
        made = batch(some)
        read = reader(made)
        logits[places] = read.answers.numpy()
        lost += float(losses(read, some).answers) * len(some)
        seen += len(some)
        start = 0
        for each in some:
            scores = read.sentences[start : start + len(each.sentences)].numpy()
            start += len(each.sentences)
            if each.answers and (each.sentences == 1).any() and len(each.sentences) > 1:
                asked += 1
                hits += int(each.sentences[scores.argmax()] == 1)
    answers = numpy.array([each.answers for each in examples], dtype=bool)
    sources = numpy.array([each.kind.partition(",")[0] for each in examples])
    kinds = numpy.array([each.kind for each in examples])
    areas = {}
    for kind in sorted(set(kinds[~answers])):
        good, bad = logits[answers & (sources == kind.partition(",")[0])], logits[~answers & (kinds == kind)]
        if len(good) > 5 and len(bad) > 5:
            areas[kind] = round(float(auroc(good, bad)), 3)
    return {"loss": round(lost / seen, 4), "hit@1": round(hits / max(asked, 1), 3), "auroc": areas}


def main() -> None:
    """Train for as many minutes, or to the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, metavar="EXAMPLES_DIR")
    parser.add_argument("target", type=Path, metavar="TARGET_DIR")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--decay", type=int, help="end after so many steps more, over which the rate falls")
    parser.add_argument("--begin", type=Path, metavar="FILE", help="begin with these weights")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--share", type=float, default=1.0, help="of the training examples, for a learning curve")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    keep_memory()
    ends = time.monotonic() + 60 * given.minutes
    given.target.mkdir(parents=True, exist_ok=True)
    folder = model_folder(DEFAULT_MODEL)
    tokenizer = own_tokenizer()
    examples = read_examples(given.examples / "train.jsonl.gz", tokenizer)
    examples = [each for each in examples if int(each.group[:6], 16) / 16**6 < given.share]
    judged = {name: read_examples(given.examples / f"{name}.jsonl.gz", tokenizer) for name in ("dev", "held_out")}
    print(f"{len(examples)} examples", flush=True)
    training = Training(from_encoder(folder, given.layers), given.seed)
    state = given.target / "state.pt"
    if state.exists():
        training.load(state)
    elif given.begin:
        training.begin(given.begin)
    if given.decay:
        now = training.schedule.last_epoch
        training.falls = now, now + given.decay
    saved = time.monotonic()
    since: list[list[float]] = []
    with (given.target / "log.jsonl").open("a", encoding="utf-8") as log:
        for some in training.order(examples):
            if time.monotonic() > ends or (training.falls and training.schedule.last_epoch >= training.falls[1]):
                break
            began = time.monotonic()
            lost = training.learn(some)
            parts = (lost.answers, lost.sentences, lost.tokens, lost.pairs)
            since.append([*(part.item() for part in parts), len(some), time.monotonic() - began])
            if training.step % EVERY == 0:
                means = numpy.array(since).mean(axis=0)
                since = []
                line: dict[str, Any] = {
                    "step": training.step, "epoch": training.epoch,
                    **dict(zip(("answers", "sentences", "tokens", "pairs"), means[:4].round(4).tolist(), strict=True)),
                    "examples a second": round(means[4] / means[5], 1),
                }  # fmt: skip
                if training.step % MEASURED_EVERY == 0:
                    line |= {name: measure(training.average, some) for name, some in judged.items()}
                print(json.dumps(line), file=log, flush=True)
            if time.monotonic() - saved > SAVED_EVERY:
                training.save(state)
                saved = time.monotonic()
    training.save(state)


if __name__ == "__main__":
    main()
