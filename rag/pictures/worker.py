"""The process that draws pages for `draw_apart`: `python -m rag.pictures.worker`, not for people."""

from __future__ import annotations

from rag.pictures.drawing import page_picture
from rag.readers.worker import serve_within_limits

if __name__ == "__main__":
    serve_within_limits(page_picture)
