"""Read documents in a process of its own: a library that crashes, hangs or devours memory costs one document."""

from __future__ import annotations

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.system.processes import Apart, DidNotSurviveError
from rag.core.types.documents import Document, Source
from rag.readers.registry import is_plain, read_document

_SMALL = 16 * 2**10
"""Bytes of plain text or Markdown that cannot take long, whatever they are: 20,000 "[" take markdown-it 4 seconds."""


class ReadingApart(Apart):
    """Reads documents one at a time: a small plain text here, everything else in a process of its own."""

    def __init__(self, limits: Limits = Limits()) -> None:
        super().__init__("rag.readers.reading_worker", limits, limits.seconds)
        self.limits = limits

    def read(self, source: Source, data: bytes) -> Document:
        """Read a source from its bytes. Raises `UnreadableDocument`, also where the process did not survive it."""
        if len(data) <= _SMALL and is_plain(source, data):
            return read_document(source, data, self.limits)
        try:
            answer = self.ask((source, data))
        except DidNotSurviveError as ended:
            raise _unreadable(ended, self.limits) from None
        if isinstance(answer, Document):
            return answer
        raise UnreadableDocument(*answer)


def _unreadable(ended: DidNotSurviveError, limits: Limits) -> UnreadableDocument:
    if ended.late:
        return UnreadableDocument(
            f"Reading it took longer than {limits.seconds} seconds.",
            "Split it, save it in another format, or raise seconds under [reading] in rag.toml.",
        )
    return UnreadableDocument(
        f"The program that reads such files ended over it ({ended.how}).", "Save it in another format."
    )
