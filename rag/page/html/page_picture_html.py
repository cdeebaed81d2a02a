"""Make the HTML of a picture of a page, with the passage outlined on it."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from rag.readers.pdf.pictures.picture import Box, PagePicture


def picture_html(picture: PagePicture) -> str:
    """Return a page with the first of its outlines as the passage's, and the others more quietly."""
    passage, *others = picture.outlines or ((),)
    also = [box for outline in others for box in outline]
    data = base64.b64encode(picture.png).decode("ascii")
    # The edges below all fills: so boxes of lines that touch have one edge around them together.
    kinds = ((also, "other-edge"), (also, "other-fill"), (passage, "edge"), (passage, "fill"))
    boxes = "".join(box for those, kind in kinds for box in _boxes(picture, those, kind))
    return (
        f'<figure class="rag-page-picture" id="rag-picture" style="aspect-ratio: {picture.width:.2f} / '
        f'{picture.height:.2f}; --rag-page-shape: {picture.width / picture.height:.4f}">'
        f'<img src="data:image/png;base64,{data}" alt="{picture_name(picture)}">'
        f'<div class="rag-outlines" aria-hidden="true">{boxes}</div></figure>'
    )


def picture_name(picture: PagePicture) -> str:
    """Say what a picture shows; the text of the page stands beside it."""
    passage, *others = picture.outlines or ((),)
    said = f"Page {picture.number}"
    if passage:
        return f"{said}, the passage outlined"
    return f"{said}, another hit outlined" if any(others) else said


def _boxes(picture: PagePicture, boxes: Sequence[Box], kind: str) -> list[str]:
    return [
        f'<div class="rag-box-{kind}" style="left: {100 * box.left / picture.width:.3f}%; '
        f"top: {100 * box.top / picture.height:.3f}%; width: {100 * box.width / picture.width:.3f}%; "
        f'height: {100 * box.height / picture.height:.3f}%"></div>'
        for box in boxes
    ]
