"""The reader's own forward, its examples, and training that can be stopped and gone on with."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from support.scripts import training_script
from tokenizers import Tokenizer

from rag.core.config import DEFAULT_MODEL
from rag.encoder.model import model_folder

models = training_script("reader_model")
examples = training_script("reader_examples")
training = training_script("train_reader")

FOLDER = model_folder(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    read = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    read.no_padding()
    read.no_truncation()
    return read


def values(passage: str, answer: str = "", question: str = "What helps in gout?", **more: Any) -> dict[str, Any]:
    start = passage.find(answer)
    return {
        "id": question, "source": "made", "kind": "span", "question": question, "context": "Gout > Treatment",
        "passage": passage, "answers": bool(answer), "spans": [[start, start + len(answer)]] if answer else [],
        "grain": "words", "weight": 1.0, **more,
    }  # fmt: skip


def some(tokenizer: Tokenizer) -> list[Any]:
    texts = [
        values("Gout hurts. Colchicine helps many people. So does rest.", "Colchicine"),
        values("Gout hurts. It comes at night.", question="What cures gout?"),
        values("Rest is good. " * 9 + "Ice on the joint can ease it.", "Ice on the joint", grain="sentences"),
        values("Gout hurts. Colchicine helps many people. So does rest.", question="What helps in scurvy?"),
    ]
    return [examples.example(each, tokenizer) for each in texts]


def test_the_states_are_those_of_the_library(tokenizer: Tokenizer) -> None:
    from transformers import AutoModel

    library = AutoModel.from_pretrained(FOLDER).eval()
    batch = examples.batch(some(tokenizer))
    with torch.no_grad():
        own = models.from_encoder(FOLDER).eval().states(batch)
        theirs = library(
            input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask.long()
        ).last_hidden_state
    assert torch.allclose(own[batch.mask], theirs[batch.mask], atol=1e-4)


def test_fewer_layers_are_chosen_evenly() -> None:
    whole, few = models.from_encoder(FOLDER), models.from_encoder(FOLDER, 3)
    for number, chosen in enumerate((0, 2, 5)):
        assert torch.equal(few.layers[number].inner.weight, whole.layers[chosen].inner.weight)


def test_padding_changes_nothing(tokenizer: Tokenizer) -> None:
    reader = models.from_encoder(FOLDER, 2).eval()
    made = some(tokenizer)
    with torch.no_grad():
        together = reader(examples.batch(made))
        alone = [reader(examples.batch([each])) for each in made]
    assert torch.allclose(together.answers, torch.cat([each.answers for each in alone]), atol=1e-4)
    assert torch.allclose(together.sentences, torch.cat([each.sentences for each in alone]), atol=1e-4)


def test_labels_are_of_the_words_and_the_sentences_that_answer(tokenizer: Tokenizer) -> None:
    first, second, third, _ = some(tokenizer)
    assert tokenizer.decode(first.ids[first.tokens == 1].tolist()) == "colchicine"
    assert first.sentences.tolist() == [0, 1, 0]
    assert second.sentences.tolist() == [0, 0]
    assert third.sentences.tolist() == [0] * 9 + [1]


@pytest.mark.parametrize("answer", ["Ice on the joint", "Rest is good at last", ""])
def test_a_long_passage_is_cut_to_sentences_round_what_answers(tokenizer: Tokenizer, answer: str) -> None:
    passage = "Rest is good and costs nothing at all. " * 20 + "Ice on the joint can ease it. " + "Rest is best. " * 20
    passage += "Rest is good at last."
    made = examples.example(values(passage, answer, grain="sentences"), tokenizer)
    assert len(made.ids) <= examples.MOST_TOKENS
    assert int(made.sentences.max()) == int(bool(answer))


def test_examples_are_kept_and_read_again(tokenizer: Tokenizer, tmp_path: Path) -> None:
    made = some(tokenizer)
    examples._keep(made, tmp_path / "kept.npz")
    again = list(examples._kept(tmp_path / "kept.npz"))
    assert len(again) == len(made)
    for before, after in zip(made, again, strict=True):
        for name in ("ids", "types", "sentence", "tokens", "sentences"):
            assert numpy.array_equal(getattr(before, name), getattr(after, name))
        assert (before.answers, before.weight, before.group, before.kind) == (
            after.answers, after.weight, after.group, after.kind,
        )  # fmt: skip


def test_a_file_is_tokenised_once_and_in_its_order(tokenizer: Tokenizer, tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl.gz"
    lines = [values(f"Gout number {number} hurts.", question=f"What is gout number {number}?") for number in range(7)]
    with gzip.open(file, "wt", encoding="utf-8") as written:
        written.writelines(json.dumps(each) + "\n" for each in lines)
    read = examples.read_examples(file, tokenizer)
    assert [each.ids.tolist() for each in read] == [examples.example(each, tokenizer).ids.tolist() for each in lines]
    (kept,) = tmp_path.glob("*.npz")
    before = kept.stat().st_mtime_ns
    assert len(examples.read_examples(file, tokenizer)) == len(lines)
    assert kept.stat().st_mtime_ns == before


def test_every_example_is_in_one_batch_and_those_of_a_passage_together(tokenizer: Tokenizer) -> None:
    made = some(tokenizer) * 3
    batches = list(examples.batches(made, 512, numpy.random.default_rng(1)))
    assert sorted(place for batch in batches for place in batch) == list(range(len(made)))
    for group in {each.group for each in made}:
        assert sum(any(made[place].group == group for place in batch) for batch in batches) == 1


def test_training_goes_on_where_it_stopped(tokenizer: Tokenizer, tmp_path: Path) -> None:
    made = some(tokenizer)

    def begun() -> Any:
        torch.manual_seed(3)
        return training.Training(models.from_encoder(FOLDER, 1), seed=3)

    whole = begun()
    lost = [whole.learn(each) for each, _ in zip(whole.order(made), range(6), strict=False)]
    assert lost[-1].together < lost[0].together
    half = begun()
    for each, _ in zip(half.order(made), range(3), strict=False):
        half.learn(each)
    half.place -= 1  # zip has taken a batch that was not learnt
    half.save(tmp_path / "state.pt")
    other = begun()
    other.load(tmp_path / "state.pt")
    for each in other.order(made):
        other.learn(each)
        if other.step == 6:
            break
    for own, same in zip(whole.average.parameters(), other.average.parameters(), strict=True):
        assert torch.allclose(own, same, atol=1e-6)


def test_weights_alone_are_enough_to_begin_with(tokenizer: Tokenizer, tmp_path: Path) -> None:
    run = training.Training(models.from_encoder(FOLDER, 1), seed=3)
    run.learn(some(tokenizer))
    run.save(tmp_path / "state.pt")
    other = training.Training(models.from_encoder(FOLDER, 1), seed=3)
    other.begin(tmp_path / "weights.safetensors")
    assert other.step == 1
    for own, same in zip(run.average.parameters(), other.average.parameters(), strict=True):
        assert torch.allclose(own, same, atol=2e-3)


def test_what_is_asked_of_one_passage_is_learnt_to_be_told_apart() -> None:
    logits, answers = torch.tensor([0.0, 2.0, 1.0]), torch.tensor([1.0, 0.0, 1.0])
    own = training._of_pairs(logits, answers, ["a", "a", "b"])
    assert own == pytest.approx(float(torch.nn.functional.softplus(torch.tensor(2.0))))
    assert training._of_pairs(logits, answers, ["a", "b", "c"]) == 0
