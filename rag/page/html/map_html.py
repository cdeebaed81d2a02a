"""Make the HTML of the map: the picture, and in words and tables what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from rag.core.types.documents import Document
from rag.page.html.map_marks import EDGE, HEIGHT, MARKS, WIDTH
from rag.page.mapping import CorpusMap, MappedQuestion, Point
from rag.render.html_parts import text_html
from rag.render.wording import count_of

_OTHER = "grey dot"
_MANY = 500  # marks, from which on they are drawn smaller

_At = Callable[[float, float], str]


def map_html(
    corpus: CorpusMap, apart: Sequence[str], titles: Mapping[str, str], question: MappedQuestion | None
) -> str:
    """Return the picture: an element for each mark, for a page takes everything that is drawn in SVG out of its HTML.

    `apart` are the ids of the documents with a mark of their own, `titles` those of all.
    """
    at = _scale([*((point.x, point.y) for point in corpus.points), *_places(question)])
    marks = {name: place for place, name in enumerate(apart)}
    # What has no mark of its own is drawn first, and so never hides what has.
    points = sorted(corpus.points, key=lambda point: point.passage.document_id in marks)
    drawn = "".join(_point(point, marks.get(point.passage.document_id), titles, at) for point in points)
    size = " rag-map-many" if len(points) > _MANY else ""
    return (
        f'<div class="rag-map{size}" role="img" aria-label="{escape(_summary(corpus, question))}">'
        f"{drawn}{_question(question, at) if question else ''}</div>"
    )


def map_words(corpus: CorpusMap) -> str:
    """Say what the picture shows, and what it cannot tell."""
    shown = len(corpus.points)
    passages = (
        f"Each mark is one of the {count_of(corpus.of, 'passage')} that can be quoted."
        if shown == corpus.of
        else f"{shown:,} of the {count_of(corpus.of, 'passage')} that can be quoted are shown, evenly spaced."
    )
    first, second = corpus.explained
    return (
        f"<p>{passages} The picture is flat: of the {corpus.dimensions} dimensions in which the model places a passage "
        f"it shows the two along which these differ most, {first:.0%} and {second:.0%} of their variance. So what "
        "stands far apart here is unlike to the model, but what stands close together is not always close in meaning. "
        "It says what the corpus is about, and nothing of what is true.</p>"
    )


def asked_html(searched_as: str, *, is_quoted: bool) -> str:
    """Say which question is marked, and that only what was quoted to answer it is marked beside it."""
    quoted = (
        "Passages that were quoted have a ring and their number."
        if is_quoted
        else "No passage was quoted as an answer, so none has a ring."
    )
    return (
        f'<p class="rag-searched">Marked: <strong dir="auto">{text_html(searched_as)}</strong>, as a large ring '
        f"with a dot. {quoted}</p>"
    )


def nearest_html(rank: int, point: Point, cosine: float, document: Document, remark: str) -> str:
    """Return one of the passages that are nearest to the question, with a remark on what was shown of it."""
    passage = point.passage
    steps = [document.title, *(step for step in passage.section if step != document.title)]
    return (
        f'<p class="rag-near"><strong dir="auto">{rank}. {text_html(" › ".join(steps))}</strong><br>'
        f"Cosine {cosine:.2f}{text_html(remark)}</p>"
    )


def map_sources_html(documents: Sequence[tuple[Document, int]], apart: Sequence[str], most: int) -> str:
    """Return a table of documents with the mark and the number of passages of each, the most passages first."""
    marks = {name: place for place, name in enumerate(apart)}
    ordered = sorted(documents, key=lambda pair: (marks.get(pair[0].id, len(marks)), -pair[1]))
    rows = "".join(_row(document, passages, marks.get(document.id)) for document, passages in ordered[:most])
    left = len(ordered) - most
    rest = f'<p class="rag-remark">And {count_of(left, "more source")}, each a grey dot.</p>' if left > 0 else ""
    head = "".join(f'<th role="columnheader" scope="col">{column}</th>' for column in ("Source", "Mark", "Passages"))
    return (
        '<table class="rag-table" role="table"><caption class="rag-caption-above">The marks and their sources, with '
        "all "
        "passages of each, bare headings included</caption>"
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>{rest}'
    )


def _row(document: Document, passages: int, mark: int | None) -> str:
    name = _OTHER if mark is None else MARKS[mark].name
    return (
        f'<tr role="row"><th role="rowheader" scope="row" dir="auto">{text_html(document.title)}</th>'
        f'<td role="cell" data-label="Mark"><i class="rag-key {_mark(mark)}" aria-hidden="true"></i>{name}</td>'
        f'<td role="cell" data-label="Passages">{passages:,}</td></tr>'
    )


def _point(point: Point, mark: int | None, titles: Mapping[str, str], at: _At) -> str:
    title = titles.get(point.passage.document_id, "")
    said = " › ".join([title, *(step for step in point.passage.section[-1:] if step != title)])
    return f'<i class="{_mark(mark)}" style="{at(point.x, point.y)}" title="{text_html(said)}"></i>'


def _question(question: MappedQuestion, at: _At) -> str:
    hits = "".join(
        f'<b class="rag-hit" style="{at(point.x, point.y)}"><span>{rank}</span></b>'
        for rank, point in enumerate(question.quoted, 1)
    )
    return f'{hits}<b class="rag-asked" style="{at(question.x, question.y)}"></b>'


def _summary(corpus: CorpusMap, question: MappedQuestion | None) -> str:
    asked = " and your last question" if question else ""
    nearest = "the nearest passages and " if question else ""
    return f"Map of {count_of(len(corpus.points), 'passage')}{asked}. Below it are {nearest}a table of the sources."


def _scale(places: Sequence[tuple[float, float]]) -> _At:
    """Return what says where a place is in the picture: both axes alike, so that no distance is bent."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    room = min((WIDTH - 2 * EDGE) / (wide or 1e-9), (HEIGHT - 2 * EDGE) / (high or 1e-9))

    def at(x: float, y: float) -> str:
        left, top = 50 + (x - middle[0]) * room / WIDTH * 100, 50 - (y - middle[1]) * room / HEIGHT * 100
        return f"left:{left:.1f}%;top:{top:.1f}%"

    return at


def _places(question: MappedQuestion | None) -> list[tuple[float, float]]:
    if question is None:
        return []
    return [(question.x, question.y), *((point.x, point.y) for point in question.quoted)]


def _mark(mark: int | None) -> str:
    return f"rag-mark rag-mark-{'other' if mark is None else mark + 1}"
