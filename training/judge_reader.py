"""Judge a trained reader on sets that it was not trained on, beside the judgement that comes with the program.

    python training/judge_reader.py STATE.pt SETS_DIR --cache CACHE_DIR --kept KEPT_DIR [--sets NAME …]

A line a set and kind of question without an answer: AUROC of the program's log-odds, of the reader's for the first
passage and for the best of all, and of both together; then how often the first passage is of a right document, as it
was found and as the reader orders them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy
import torch
from found_passages import FoundQuestion, found_questions
from reader_examples import Example, batch, example, own_tokenizer
from reader_model import Reader, Size
from tokenizers import Tokenizer

from rag.evaluation.refusal import auroc

SETS = ("squad2", "clapnq", "mediqa", "mediqa-messages", "mtrag-clapnq", "medquad-sample", "medquad-sample-keywords")
TOGETHER = (0.3, 0.5, 0.8)
"""What the reader's log-odds weigh beside the program's."""

AT_ONCE = 4


def load_reader(state: Path) -> Reader:
    """Return the averaged reader of a saved state."""
    saved = torch.load(state, weights_only=True)
    reader = Reader(Size(**saved["size"]))
    reader.load_state_dict(saved["average"])
    return reader.eval()


@torch.no_grad()
def read_all(reader: Reader, questions: Sequence[FoundQuestion], tokenizer: Tokenizer) -> list[numpy.ndarray]:
    """Return the reader's log-odds of each question's passages."""
    logits = []
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        examples = [as_example(each, place, tokenizer) for each in some for place in range(len(each.passages))]
        read = reader(batch(examples)).answers.numpy() if examples else numpy.zeros(0)
        at = 0
        for each in some:
            logits.append(read[at : at + len(each.passages)])
            at += len(each.passages)
    return logits


def as_example(question: FoundQuestion, place: int, tokenizer: Tokenizer) -> Example:
    """Return what the reader sees of a passage: a window round its best sentence where it is long."""
    passage = question.passages[place]
    values = {
        "id": question.question, "question": question.question, "context": passage.context, "passage": passage.text,
        "spans": [passage.best], "grain": "sentences", "answers": True, "weight": 1.0, "source": "", "kind": "",
    }  # fmt: skip
    return example(values, tokenizer)


def main() -> None:
    """Judge on every set that there is an index of."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", type=Path, metavar="STATE.pt")
    parser.add_argument("sets", type=Path, metavar="SETS_DIR")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True, help="where what was found is kept")
    parser.add_argument("--sets", nargs="*", dest="names", default=SETS)
    parser.add_argument("--most", type=int, help="questions of each kind, the first ones")
    given = parser.parse_args()
    tokenizer = own_tokenizer()
    reader = load_reader(given.state)
    for name in given.names:
        questions = [each for each in found_questions(given.sets / name, given.cache, given.kept) if each.passages]
        if given.most:
            kinds = sorted({each.kind for each in questions})
            questions = [one for kind in kinds for one in [q for q in questions if q.kind == kind][: given.most]]
        for line in lines(name, questions, read_all(reader, questions, tokenizer)):
            print(line, flush=True)


def lines(name: str, questions: Sequence[FoundQuestion], logits: Sequence[numpy.ndarray]) -> list[str]:
    """Return the lines of a set."""
    sure = numpy.array([each.sure for each in questions])
    first = numpy.array([float(each[0]) for each in logits])
    best = numpy.array([float(each[:5].max()) for each in logits])
    answerable = numpy.array([each.answerable for each in questions])
    made = []
    for kind in sorted({each.kind for each in questions if not each.answerable}):
        bad = numpy.array([not each.answerable and each.kind == kind for each in questions])

        def area(values: numpy.ndarray, bad: numpy.ndarray = bad) -> str:
            return f"{auroc(values[answerable], values[bad]):.3f}"

        together = ", ".join(f"+{weight}: {area(sure + weight * best)}" for weight in TOGETHER)
        made.append(
            f"{name}, {kind} ({answerable.sum()}, {bad.sum()}): shipped {area(sure)}, first {area(first)}, "
            f"best of five {area(best)}, {together}"
        )
    right = [each for each in zip(questions, logits, strict=True) if any(p.right for p in each[0].passages)]
    if right:
        before = numpy.mean([each.passages[0].right for each, _ in right])
        after = numpy.mean([each.passages[int(read.argmax())].right for each, read in right])
        mixed = numpy.mean(
            [
                each.passages[int((numpy.array([p.score for p in each.passages]) + 0.05 * read).argmax())].right
                for each, read in right
            ]
        )
        made.append(f"{name}, first of a right document: {before:.3f}, by the reader {after:.3f}, mixed {mixed:.3f}")
    return made


if __name__ == "__main__":
    main()
