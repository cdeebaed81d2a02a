"""Use the page as Streamlit runs it, without a browser."""

from __future__ import annotations

import re
from html import unescape

from streamlit.testing.v1 import AppTest

from rag.core.config import Settings
from rag.page.html.citing_html import COPYING
from rag.page.rebuilding import desk

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> **bold** $x$ :red[hi] `code` [link](http://x.test) "
    "\u202eturned\u202c \x1b[31mred &lt;b&gt; about the zorbulin receptor."
)


def ask(at: AppTest, question: str) -> AppTest:
    """Ask a question on the page."""
    at.chat_input[0].set_value(question).run()
    return checked(at)


def click(at: AppTest, label: str) -> AppTest:
    """Press the first button with a label."""
    next(button for button in at.button if button.label == label).click().run()
    return checked(at)


def built(at: AppTest, settings: Settings) -> AppTest:
    """Wait for the build that goes on beside the page, and draw the page anew, as it does by itself."""
    work = desk().latest(settings, "build")
    assert work is not None
    assert work.wait(60)
    return checked(at.run())


def visit(at: AppTest, view: str) -> AppTest:
    """Go to a view, as its link does."""
    link = next(link for link in at.get("page_link") if link.proto.label == view)
    at._page_hash = link.proto.page_script_hash  # AppTest.switch_page knows only views that are files
    at.run()
    return checked(at)


def checked(at: AppTest) -> AppTest:
    """Return the page if nothing broke."""
    assert not at.exception, [exception.message for exception in at.exception]
    return at


def raw(at: AppTest) -> str:
    """Return the page's HTML but for its style and its two scripts, which are the page's own."""
    own = ("<style", "<script>document.getElementById", COPYING)
    return "\n".join(e.body for e in at.html if not e.body.startswith(own))


def text(at: AppTest) -> str:
    """Return the words that are shown as HTML."""
    return squeezed(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"</?(?:mark|strong|span)\b[^>]*>", "", raw(at)))))


def interpreted(at: AppTest) -> list[str]:
    """Return the texts that Streamlit interprets as Markdown."""
    return [
        *(element.value for element in (*at.markdown, *at.caption, *at.error, *at.warning, *at.info, *at.title)),
        *(button.label for button in at.button),
        *(box.label for box in (*at.selectbox, *at.multiselect, *at.checkbox)),
    ]


def squeezed(words: str) -> str:
    """Return a text with every run of white space as one space."""
    return " ".join(words.split())
