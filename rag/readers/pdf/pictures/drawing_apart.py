"""Draw a page in a process of its own: one that crashes, hangs or devours memory costs its picture."""

from __future__ import annotations

import threading
from dataclasses import replace

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.system.processes import Apart, DidNotSurviveError
from rag.readers.pdf.pictures.picture import PagePicture, PictureRequest

SECONDS = 20
"""How long drawing a page may take; nobody waits longer."""

MEMORY = 1_024
"""MiB."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""However many people turn pages."""


def draw_apart(wanted: PictureRequest, limits: Limits = Limits()) -> PagePicture:
    """Draw a page and outline spans on it. Raises `UnreadableDocument`, also where the process did not survive it.

    The limits are those of reading, but for time and memory, of which drawing gets less.
    """
    limits = replace(limits, seconds=min(limits.seconds, SECONDS), memory=min(limits.memory, MEMORY))
    with _AT_ONCE, Apart("rag.readers.pdf.pictures.drawing_worker", limits, limits.seconds) as worker:
        try:
            answer = worker.ask(wanted)
        except DidNotSurviveError as ended:
            how = f"it took longer than {limits.seconds} seconds" if ended.late else f"{ended.how} ended it"
            raise UnreadableDocument(f"Drawing the page failed: {how}.", "Open the file in a PDF program.") from None
    if isinstance(answer, PagePicture):
        return answer
    raise UnreadableDocument(*answer)
