"""Word what stands beside a quote: its cues, its side of an effect, and its companions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.core.blocks import blocks_at
from rag.core.types.answers import Companion, Quote
from rag.core.types.passages import CueKind, Side
from rag.render.layout import Paragraph, paragraphs
from rag.text.characters import one_line
from rag.text.labels.label_kinds import meanings

LEGEND = (
    "The labels name words that stand in a passage, which may speak of another study or subject than its own. Nothing "
    "is inferred from them, and nothing is graded or ranked by them."
)
_COMPANIONS = {"caveat": "Beside it in the source", "lead-in": "The list's lead-in", "header": "The table's first row"}
_SIDES: dict[Side, str] = {"effect": "reports an effect", "no_effect": "denies an effect"}


def cue_lines(quote: Quote) -> list[str]:
    """Return a line for each kind of cue in a quote: its label, and the words that it labels, each once."""
    said: dict[CueKind, dict[str, None]] = {}
    for cue in quote.cues:
        said.setdefault(cue.kind, {})[one_line(cue.text)] = None
    return [
        f"{label[0].upper()}{label[1:]}: {', '.join(f'“{words}”' for words in said[kind])}"
        + (" (the source's figures, not advice)" if kind == "dose" else "")
        for kind, (label, _) in meanings().items()
        if kind in said
    ]


def side_line(quote: Quote) -> str | None:
    """Say on which side a quote stands where the sources differ; None where they do not, or it stands on none."""
    said = " and ".join(_SIDES[side] for side in quote.sides)
    return f"{said[0].upper()}{said[1:]}" if said else None


def legend(quotes: Iterable[Quote]) -> list[tuple[str, str]]:
    """Return the kinds of cues that some quotes have, each as its label with what it means."""
    kinds = {cue.kind for quote in quotes for cue in quote.cues}
    return [meaning for kind, meaning in meanings().items() if kind in kinds]


def along_before(quote: Quote) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield what comes along with a quote and stands before it in the source: what it is, and its words laid out."""
    return ((_COMPANIONS[each.kind], _laid_out(quote, each)) for each in quote.companions if each.start < quote.start)


def along_after(quote: Quote) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield what comes along with a quote and stands after it in the source."""
    return ((_COMPANIONS[each.kind], _laid_out(quote, each)) for each in quote.companions if each.start >= quote.end)


def _laid_out(quote: Quote, companion: Companion) -> list[Paragraph]:
    blocks = blocks_at(quote.document.blocks, companion.start, companion.end)
    return list(paragraphs(quote.document.text, blocks, companion.start, companion.end, ()))
