"""Read how deep the links of an outline lie."""

from __future__ import annotations

from html.parser import HTMLParser


class Nesting(HTMLParser):
    """Checks that lists are nested as they must be, and notes the depth of each link."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            assert self.open[-1] == "ul"
        if tag == "a":
            self.links.append((dict(attrs)["href"] or "", self.open.count("ul")))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def nested(html: str) -> list[tuple[str, int]]:
    """Return the links of an outline, each with its depth."""
    parser = Nesting()
    parser.feed(html)
    assert not parser.open
    return parser.links
