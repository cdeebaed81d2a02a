"""Find sentences, list items and table rows that alone are longer than a passage may be: they are cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rag.core.errors import ModelError
from rag.core.types.documents import Block, Document
from rag.core.types.protocols import TokenCounter
from rag.core.types.reports import Finding
from rag.corpus.lint.places import named, places_of
from rag.text.splitter_settings import SPLITTER

BEYOND_DOUBT = 1.5
"""Without the model's tokenizer: so many times the limit in words is surely over it in tokens."""

_CALLED = {"table row": "table row", "code": "line of code", "heading": "heading", "list item": "list item"}


class Lengths:
    """Measures documents by a model's own tokens where its tokenizer is on this machine, else by words."""

    def __init__(self, model: str, limit: int = SPLITTER.passage_tokens) -> None:
        self.limit = limit
        self._model = model
        self._counter: TokenCounter | None = None
        self._exact = True

    def cut(self, document: Document) -> Iterator[Finding]:
        """Say how much of a document is cut, and where."""
        kinds: Counter[str] = Counter()
        long: list[tuple[Block, int]] = []
        for block in document.blocks:
            text = document.text[block.start : block.end]
            # No token is less than a byte: most blocks need no tokenizer, and what cuts into sentences stays unloaded.
            if block.furniture or len(text.encode()) <= self.limit or self._count(text) <= self.limit:
                continue
            from rag.text.splitting import sentences_of

            for start, end in sentences_of(document.text, block):
                if self._count(document.text[start:end]) > self.limit:
                    kinds[_CALLED.get(block.kind, "sentence")] += 1
                    long.append((block, start))
        if not long:
            return
        places = places_of(document, long)
        what = " and ".join(_number(count, kind) for kind, count in sorted(kinds.items()))
        by = "" if self._exact else ", estimated by words"
        are, them = ("is", "it") if len(places) == 1 else ("are", "them")
        message = (
            f"{what}{named(places)} {are} longer than a passage may be ({self.limit} tokens{by}) and cut into pieces, "
            f"which are found and quoted apart. If the source is yours, break {them} up there."
        )
        yield Finding(document.path, "note", "cut", message, places[0].lines, places[0].page)

    def _count(self, text: str) -> int:
        if self._counter is None:
            try:
                self._counter = _tokens(self._model)
            except (ModelError, OSError):
                self._counter, self._exact = _surely, False
        return self._counter(text)


def _tokens(model: str) -> TokenCounter:
    """Return the token count of a model, from its own folder. Raises `ModelError` where that cannot be had."""
    from tokenizers import Tokenizer

    from rag.encoder.export_files import TOKENIZER_FILE
    from rag.encoder.model import model_folder

    file = model_folder(model) / TOKENIZER_FILE
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises a bare Exception for a file that is not there or not its own
        raise ModelError(f"{file} cannot be opened ({error}).", "Check the model.") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def _surely(text: str) -> int:
    return int(len(text.split()) / BEYOND_DOUBT)


def _number(count: int, kind: str) -> str:
    if count == 1:
        return f"1 {kind}"
    first, _, rest = kind.partition(" of ")
    return f"{count} {first}s{' of ' + rest if rest else ''}"
