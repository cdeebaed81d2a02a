"""Draw pages for `draw_apart`, in the process that it starts."""

from __future__ import annotations

from rag.readers.pdf.pictures.drawing import page_picture
from rag.readers.reading_worker import serve_within_limits

if __name__ == "__main__":
    serve_within_limits(page_picture)
