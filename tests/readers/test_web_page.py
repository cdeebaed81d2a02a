"""Articles told from their pages, measured."""

from __future__ import annotations

from pathlib import Path

from made import assert_sound, read, text_of
from made.tea_page import ABOVE, BELOW, WRAPPERS, web_page
from support.scripts import benchmark_script

from rag.core.types.documents import Document


def _html(markup: str) -> Document:
    document = read(markup, "a.html")
    assert_sound(document)
    return document


def _score(pages: dict[str, str], articles: dict[str, str], *, whole: bool = False) -> tuple[float, float, float]:
    benchmark = benchmark_script("web_pages")
    found = []
    for name, page in pages.items():
        reading = benchmark.read_html(benchmark.SourceText(page))
        text = reading.text if whole else benchmark.article_text(reading)
        found.append(benchmark.shares(articles[name], text, 1 if whole else benchmark.SHINGLE))
    scores: tuple[float, float, float] = benchmark.precision_recall_f1(found)
    return scores


def test_our_own_page_scores_as_it_should() -> None:
    page = web_page(f"{ABOVE}{WRAPPERS['main']}{BELOW}")
    document = _html(page)
    article = " ".join(text_of(document, block) for block in document.blocks if block.furniture is None)
    assert _score({"own": page}, {"own": article}) == (1.0, 1.0, 1.0)
    precision, recall, _ = _score({"own": page}, {"own": f"{article} and a sentence that is nowhere"}, whole=True)
    assert 0 < precision < 1
    assert 0.9 < recall < 1


def test_articles_of_public_pages_are_told_as_well_as_they_were(shared_data: Path) -> None:
    benchmark = benchmark_script("web_pages")
    pages, articles = benchmark.load(shared_data / "data" / "html_articles")
    assert len(pages) > 50
    assert _score(pages, articles)[2] > 0.95
    assert _score(pages, articles, whole=True)[1] > 0.999
