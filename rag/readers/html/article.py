"""Choose the blocks of a web page that are its article, from an extraction and from each block's surroundings.

An extraction leaves out what stands between two blocks of the article (a table, an embedded post, the name in a
definition list) and keeps links to other articles. What is right is told by the elements around a block and by how
much of it is links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from lxml import html as lxml_html

from rag.readers.reading import PSEUDO_HEADING_LEVEL, DraftBlock

_LABEL = 25  # characters: a paragraph that is shorter and no sentence is a button, a credit or a count
_LONG = 80  # characters: what is a sentence and as long is no date and no author
_SENTENCE_ENDS = tuple(".!?:;…。！？：”\"'’»)")

_FURNITURE_TAGS = frozenset("nav footer form dialog menu button".split())
_CONTAINERS = frozenset("div section article main aside header footer nav form center".split())
_TERMS = frozenset("dt summary".split())
"""Elements whose text is short because it is the name of what follows."""

_FURNITURE_ROLES = frozenset(
    "navigation search banner contentinfo complementary dialog alertdialog menu menubar toolbar form".split()
)
_BLOCK_TAGS = frozenset(
    "div section aside ul ol dl p table figure article header main li td blockquote h1 h2 h3 h4 h5 h6".split()
)
_FURNITURE_NAMES = re.compile(
    r"(?:^|[^a-z])(?:ads?|advert\w*|nav\w*|menu|sidebar|toolbar|breadcrumbs?|pag(?:er|ination)|cookies?|consent|gdpr"
    r"|related\w*|recommend\w*|popular|trending|most-?read|teasers?|promos?|promoted|sponsor\w*|outbrain|taboola"
    r"|shar(?:e|es|ing)|social|newsletters?|subscri\w*|sign-?up|paywall|comments?|disqus|byline|tags)(?:$|[^a-z])",
    re.IGNORECASE,
)
_WHOLES = {"list item": ("ul", "ol", "dl", "menu", "dir"), "table row": ("table",)}


@dataclass(slots=True)
class Origin:
    """The places of a block's text in the tree: elements whose text it is, or (True) whose tail, in order.

    `element` is the innermost one around the beginning. `characters` counts those of the text, `linked` those of them
    that stand in links.
    """

    element: lxml_html.HtmlElement | None = None
    texts: list[tuple[lxml_html.HtmlElement, bool]] = field(default_factory=list)
    characters: int = 0
    linked: int = 0

    def add(self, element: lxml_html.HtmlElement, is_tail: bool, characters: int, linked: bool) -> None:
        """Take in a stretch of text."""
        if self.element is None:
            self.element = element.getparent() if is_tail else element
        self.texts.append((element, is_tail))
        self.characters += characters
        self.linked += characters if linked else 0

    def take(self, other: Origin) -> None:
        """Take in what another one has gathered."""
        self.element = other.element if self.element is None else self.element
        self.texts += other.texts
        self.characters += other.characters
        self.linked += other.linked


class Judgement:
    """Chooses a page's article, from what was extracted and from where every block stands."""

    def __init__(
        self,
        root: lxml_html.HtmlElement,
        text: str,
        drafts: Sequence[DraftBlock],
        origins: Sequence[Origin],
        extracted: Sequence[bool],
    ) -> None:
        self._root = root
        self._texts = [text[draft.start : draft.end] for draft in drafts]
        self._drafts = drafts
        self._origins = origins
        self._inside = list(extracted)

    def article(self) -> list[bool]:
        """Say of each block whether it belongs to the article."""
        headed = self._headed_as_furniture()
        for index in self._indexes():
            if (
                self._is_link_alone(index)
                or self._is_in_furniture(index, None)
                or not headed.isdisjoint(self._path(index, None))
            ):
                self._inside[index] = False
        if any(self._inside):
            self._take_more_of_the_same()
            self._complete_lists_and_tables()
            self._take_gaps()
            self._settle_headings()
        if any(self._inside):
            self._take_title()
        return self._inside

    def _indexes(self) -> list[int]:
        return [index for index, is_in in enumerate(self._inside) if is_in]

    def _is_link_alone(self, index: int) -> bool:
        """Say whether a paragraph, or a bold line, is a link and little else, as those to other articles are."""
        draft, origin = self._drafts[index], self._origins[index]
        is_line = draft.kind == "paragraph" or draft.level == PSEUDO_HEADING_LEVEL
        return is_line and origin.linked > 0.8 * origin.characters and origin.characters - origin.linked < 40

    def _headed_as_furniture(self) -> set[lxml_html.HtmlElement]:
        """Return the elements that begin with a heading such as `<h3 class="related-posts">`."""
        found = set()
        for index, draft in enumerate(self._drafts):
            if draft.kind != "heading" or draft.level in (1, PSEUDO_HEADING_LEVEL):
                continue
            heading = next((one for one in self._path(index, None) if one.tag == f"h{draft.level}"), None)
            if heading is None or not _is_named_furniture(heading):
                continue
            section = heading.getparent()
            if index and section not in self._path(index - 1, None):
                found.add(section)
        return found

    def _path(self, index: int, top: lxml_html.HtmlElement | None) -> Iterator[lxml_html.HtmlElement]:
        """Give the elements around a block, from the innermost, up to that one and without it."""
        return takewhile(lambda element: element is not top, around(self._origins[index].element))

    def _common(self, one: int, other: int) -> lxml_html.HtmlElement:
        """Return the innermost element around two blocks."""
        around = set(self._path(one, None))
        return next(element for element in self._path(other, None) if element in around)

    def _is_in_furniture(self, index: int, top: lxml_html.HtmlElement | None) -> bool:
        """Say whether elements around a block, below that one, are for what is no article.

        What elements are called says so only of those within the article: a whole page may be called "no-sidebar".
        """
        quoted = self._drafts[index].attribution.kind == "quoted"  # embedded posts of "social" media are quotations
        for element in self._path(index, top):
            if element.tag == "footer" and quoted:
                continue
            if element.tag in _FURNITURE_TAGS - ({"form", "footer"} if top is None else set()):
                return True
            if (element.get("role") or "").lower() in _FURNITURE_ROLES:
                return True
            if top is not None and not quoted and element.tag in _BLOCK_TAGS and _is_named_furniture(element):
                return True
        return False

    def _take_more_of_the_same(self) -> None:
        """Take in prose outside that stands in the same kind of elements as the article's beginning or end."""
        indexes = self._indexes()
        first, last = indexes[0], indexes[-1]
        for index, draft in enumerate(self._drafts):
            if first <= index <= last or draft.kind not in ("paragraph", "quotation") or not self._is_prose(index):
                continue
            edge = first if index < first else last
            top = self._common(index, edge)
            if top.tag in ("body", "html") or self._is_in_furniture(index, top):
                continue
            self._inside[index] = self._kinds(index, top) == self._kinds(edge, top)

    def _kinds(self, index: int, top: lxml_html.HtmlElement) -> list[tuple[str, str]]:
        return [
            (element.tag, element.get("class") or "")
            for element in self._path(index, top)
            if element.tag in _BLOCK_TAGS
        ]

    def _is_prose(self, index: int) -> bool:
        text, origin = self._texts[index], self._origins[index]
        return origin.linked <= origin.characters / 2 and (len(text) >= _LABEL or text.endswith(_SENTENCE_ENDS))

    def _complete_lists_and_tables(self) -> None:
        """Take in the items of a list and the rows of a table of which the article has others."""
        begun = {self._whole(index) for index in self._indexes()} - {None}
        for index in range(len(self._drafts)):
            whole = None if self._inside[index] else self._whole(index)
            if whole is not None and whole in begun and not self._is_in_furniture(index, whole):
                self._inside[index] = True

    def _whole(self, index: int) -> lxml_html.HtmlElement | None:
        """Return the list or the table that a block is an item or a row of."""
        tags = _WHOLES.get(self._drafts[index].kind, ())
        return next((element for element in self._path(index, None) if element.tag in tags), None)

    def _take_gaps(self) -> None:
        """Take in what stands between two blocks of the article, in the element around both."""
        indexes = self._indexes()
        while indexes and self._drafts[indexes[0]].kind == "heading":
            indexes.pop(0)  # between a title and the text stand the author, the date and buttons
        for before, after in pairwise(indexes):
            if after - before == 1:
                continue
            top = self._common(before, after)
            for run in reversed(list(self._runs(before + 1, after))):
                is_headed = run[0] == before + 1 and self._drafts[before].kind == "heading"
                if not self._is_of_links(run) or is_headed or self._is_of_the_text(run[0], top):
                    for index in run:
                        self._inside[index] = self._belongs(index, top)

    def _is_of_links(self, run: Sequence[int]) -> bool:
        origins = [self._origins[index] for index in run]
        return sum(origin.linked for origin in origins) > sum(origin.characters for origin in origins) / 2

    def _is_of_the_text(self, index: int, top: lxml_html.HtmlElement) -> bool:
        """Say whether a caption, or a list or table right in the element around, is the article's though it links."""
        whole = self._whole(index)
        return self._drafts[index].kind == "caption" or (whole is not None and whole.getparent() is top)

    def _belongs(self, index: int, top: lxml_html.HtmlElement) -> bool:
        """Say whether a block between two of the article belongs to it; a heading does with what is right below it."""
        kind = self._drafts[index].kind
        path = list(self._path(index, top))
        if top.tag in ("body", "html") and path and path[-1].tag in _CONTAINERS:
            return False
        if kind == "heading":
            return self._inside[index + 1] and not self._is_in_furniture(index, top)
        is_label = (
            kind == "paragraph" and not self._is_prose(index) and not any(element.tag in _TERMS for element in path)
        )
        return not is_label and not self._is_in_furniture(index, top)

    def _runs(self, start: int, end: int) -> Iterator[list[int]]:
        """Give the items of a list and the rows of a table together, anything else by itself."""
        run: list[int] = []
        for index in range(start, end):
            kind = self._drafts[index].kind
            if run and (kind not in ("list item", "table row") or kind != self._drafts[run[-1]].kind):
                yield run
                run = []
            run.append(index)
        if run:
            yield run

    def _settle_headings(self) -> None:
        """Leave out headings with nothing of the article below, and those of links that stand in it."""
        indexes = self._indexes()
        below: int | None = None
        for index in reversed(indexes):
            if self._drafts[index].kind != "heading":
                below = index
            elif below is None or self._is_in_furniture(index, self._common(index, below)):
                self._inside[index] = False

    def _take_title(self) -> None:
        """Take in the heading above the article that the page's head calls its title, and what it says below it."""
        first = self._indexes()[0]
        called = _words(self._root.findtext("head/title") or "")
        for title in range(first, -1, -1):
            draft = self._drafts[title]
            if draft.kind == "heading" and draft.level == 1 and _words(self._texts[title]) in called:
                break
        else:
            return
        self._inside[title] = True
        body = next((index for index in self._indexes() if self._drafts[index].kind != "heading"), title)
        times = Counter(self._texts)
        for index in range(title + 1, body):
            text, draft = self._texts[index], self._drafts[index]
            is_long = draft.kind == "paragraph" and len(text) >= _LONG and text.endswith(_SENTENCE_ENDS)
            if is_long and self._is_prose(index) and times[text] == 1:  # galleries repeat their captions
                self._inside[index] = not self._is_in_furniture(index, self._common(title, body))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _is_named_furniture(element: lxml_html.HtmlElement) -> bool:
    return any(_FURNITURE_NAMES.search(element.get(name) or "") for name in ("class", "id"))


def around(element: lxml_html.HtmlElement | None) -> Iterator[lxml_html.HtmlElement]:
    """Give an element and those around it, from the inside out."""
    while element is not None:
        yield element
        element = element.getparent()
