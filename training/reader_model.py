"""The reader as a torch module: a small BERT over question and passage, with three heads and a forward of its own.

The forward is written out because the library's took six times as long where it was measured: one matrix product for
query, key and value, torch's fused attention, no dropout, no graph of outputs that nobody asks for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Size:
    """A model's sizes; `layers` may be fewer than those of the model that it begins as."""

    layers: int
    hidden: int
    inner: int
    heads: int
    vocabulary: int
    positions: int
    norm_eps: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Some examples: token ids, types and mask of shape (examples, tokens); a sentence's number per token, −1 in none.

    Sentences are numbered through the whole batch, from 0 to `sentences` − 1.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    sentence: Tensor
    sentences: int


@dataclass(frozen=True, slots=True)
class Read:
    """Logits: that a passage answers, (examples,), that a sentence does, (sentences,), that a token is of the words."""

    answers: Tensor
    sentences: Tensor
    tokens: Tensor


class Layer(nn.Module):
    """A layer of a BERT (Devlin et al., 2019): attention, then two linear maps, each normalised with what went in."""

    def __init__(self, size: Size) -> None:
        """Make it of some sizes."""
        super().__init__()
        self.heads = size.heads
        self.qkv = nn.Linear(size.hidden, 3 * size.hidden)
        self.out = nn.Linear(size.hidden, size.hidden)
        self.attention_norm = nn.LayerNorm(size.hidden, size.norm_eps)
        self.inner = nn.Linear(size.hidden, size.inner)
        self.outer = nn.Linear(size.inner, size.hidden)
        self.norm = nn.LayerNorm(size.hidden, size.norm_eps)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the next states, (examples, tokens, hidden); `mask` is added to the attention's logits."""
        examples, tokens, hidden = states.shape
        query, key, value = (
            self.qkv(states)
            .view(examples, tokens, 3, self.heads, hidden // self.heads)
            .permute(2, 0, 3, 1, 4)
            .unbind(0)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        states = self.attention_norm(states + self.out(mixed.transpose(1, 2).reshape(examples, tokens, hidden)))
        last: Tensor = self.norm(states + self.outer(functional.gelu(self.inner(states))))
        return last


class Reader(nn.Module):
    """Says whether a passage answers a question, and which of its sentences and words do."""

    def __init__(self, size: Size) -> None:
        """Make it of some sizes, with weights by chance."""
        super().__init__()
        self.size = size
        self.words = nn.Embedding(size.vocabulary, size.hidden)
        self.positions = nn.Embedding(size.positions, size.hidden)
        self.types = nn.Embedding(2, size.hidden)
        self.embedding_norm = nn.LayerNorm(size.hidden, size.norm_eps)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.pooled = nn.Linear(size.hidden, size.hidden)
        self.answers = nn.Linear(size.hidden, 1)
        self.sentence = nn.Linear(size.hidden, 1)
        self.token = nn.Linear(size.hidden, 1)

    def states(self, batch: Batch) -> Tensor:
        """Return the last states of all tokens, (examples, tokens, hidden)."""
        places = torch.arange(batch.ids.shape[1], device=batch.ids.device)
        states: Tensor = self.embedding_norm(self.words(batch.ids) + self.positions(places) + self.types(batch.types))
        mask = torch.zeros_like(batch.mask, dtype=states.dtype).masked_fill(~batch.mask, -1e4)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        return states

    def forward(self, batch: Batch) -> Read:
        """Read a batch."""
        states = self.states(batch)
        first = torch.tanh(self.pooled(states[:, 0]))
        held = batch.sentence >= 0
        sums = states.new_zeros(max(batch.sentences, 1), states.shape[-1])
        sums = sums.index_add(0, batch.sentence[held], states[held])
        counts = torch.bincount(batch.sentence[held], minlength=max(batch.sentences, 1)).clamp(min=1)
        return Read(
            self.answers(first).squeeze(-1),
            self.sentence(sums / counts[:, None]).squeeze(-1),
            self.token(states).squeeze(-1),
        )


def from_encoder(folder: Path, layers: int | None = None) -> Reader:
    """Return a reader that begins as a sentence-transformers model, of as many of its layers, evenly chosen."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = load_file(folder / "model.safetensors")
    all_layers = config["num_hidden_layers"]
    count = layers or all_layers
    chosen = [round(number * (all_layers - 1) / max(count - 1, 1)) for number in range(count)]
    size = Size(
        count, config["hidden_size"], config["intermediate_size"], config["num_attention_heads"],
        config["vocab_size"], config["max_position_embeddings"], config["layer_norm_eps"],
    )  # fmt: skip
    reader = Reader(size)
    reader.load_state_dict(_renamed(weights, chosen), strict=False)
    return reader


def _renamed(weights: Mapping[str, Tensor], chosen: list[int]) -> dict[str, Tensor]:
    """Return a BERT's weights under the names of a reader's, those of the chosen layers alone."""
    found = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"],
        "types.weight": weights["embeddings.token_type_embeddings.weight"],
        "embedding_norm.weight": weights["embeddings.LayerNorm.weight"],
        "embedding_norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    parts = {
        "out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
        "inner": "intermediate.dense", "outer": "output.dense", "norm": "output.LayerNorm",
    }  # fmt: skip
    for number, layer in enumerate(chosen):
        before = f"encoder.layer.{layer}."
        for what in ("weight", "bias"):
            own = [weights[f"{before}attention.self.{part}.{what}"] for part in ("query", "key", "value")]
            found[f"layers.{number}.qkv.{what}"] = torch.cat(own)
            for name, other in parts.items():
                found[f"layers.{number}.{name}.{what}"] = weights[f"{before}{other}.{what}"]
    return found
