"""Recognise page furniture in texts: lines of the page around a text that are not part of what it says.

Only a whole short block is ever set aside, and only for a stated reason that `check` lists; a wrong guess
hides a line from answers and never loses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.readers.reading import DraftBlock

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATE_LINE = re.compile(
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
# A site's name: a few capitalised words without figures ("Dose | 400 mg" is a row of a table).
_SITE_TITLE = re.compile(
    r"(?P<title>[^|»\n]{3,150}?)\s+[|»]\s+(?=[A-Z])[^|»\n\d.!?;]{2,40}(?:\.(?:com|org|net|gov|co\.uk))?"
)
_NETWORK = r"(?:facebook|twitter|x|pinterest|linkedin|whatsapp|reddit|instagram|youtube|tumblr|e-?mail|social media)"
_PAGE = r"(?:article|page|post|story|link|entry|blog)"
_HELPER = (
    r"(?:mental health professional|professional|therapist|counsell?or|doctor|psychiatrist|psychologist|clinician"
    r"|provider|specialist|dentist|treatment cent(?:er|re))"
)
_UNMISTAKABLE = re.compile(
    "|".join(
        (
            rf"search for an? {_HELPER} near you",
            rf"(?:share|tweet|print|pin|save|e-?mail)(?: this)? {_PAGE}",
            rf"(?:share|tweet|pin|save|follow us)(?: this(?: {_PAGE})?| it)? (?:on|to|via)"
            rf" {_NETWORK}(?:(?:,| and| or) {_NETWORK})*",
            r"(?:subscribe|sign up|log ?in|sign in)(?: (?:now|here|today))?",
            r"(?:subscribe|sign up|log ?in|sign in|register|join)(?: (?:to|for))? (?:our|the|my|this) "
            r"(?:(?:free|weekly|daily|monthly|e-?mail) ){0,2}(?:newsletter|mailing list|blog|feed|site|updates?)",
            r"(?:log ?in|sign in|register)(?: or (?:register|sign up))? to (?:comment|reply|post)",
            r"follow us",
            r"(?:related|recommended|popular|recent|trending|more) (?:articles|posts|stories|reading)",
            r"(?:read|learn|see|load|show) more|show less|read the full story",
            r"advertisement|sponsored content",
            r"leave a (?:comment|reply)|post a comment|\d+ comments|comments \(\d+\)",
            r"skip to (?:main )?content|back to top|main menu",
            r"(?:©|copyright (?:©|\(c\))|(?:\(c\)|copyright:?) (?:19|20)\d\d\b)[^\n]{0,120}",
            r"all rights reserved",
            r"(?:we use|this (?:web)?site uses) cookies[^\n]{0,200}",
            r"terms of (?:use|service)|privacy policy|cookie policy|contact us|about us",
        )
    ),
    re.IGNORECASE,
)
# In capitals and without a full stop: "Find a doctor." is advice.
_FIND = re.compile(rf"Find an? (?=[A-Z])(?i:{_HELPER})")
# Words that a page's menus use and answers use as well: furniture only in a row of such lines.
_MENU = re.compile(
    r"home|search|menu|next|previous|share|tweet|print|e-?mail|like|pin|save|reply|register|join|subscribe|log ?in"
    r"|sign in|contact|about|promoted|sponsored|advertising|facebook|twitter|pinterest|linkedin|whatsapp|reddit"
    r"|topics|articles",
    re.IGNORECASE,
)
_LONGEST = 160  # characters: what is longer says something


def set_furniture_aside(text: str, drafts: Sequence[DraftBlock]) -> tuple[list[DraftBlock], str | None]:
    """Mark the furniture of a text without markup; also return the title that its title line gives, if any."""
    bodies = [_one_line(text, draft) for draft in drafts]
    reasons: list[str | None] = []
    title: str | None = None
    at_head = True  # nothing but furniture so far: where a page's title stands
    for index, body in enumerate(bodies):
        reason = None
        site_title = _SITE_TITLE.fullmatch(body) if at_head and not _is_in_table(bodies, index) else None
        if not body:
            pass
        elif _DATE_LINE.fullmatch(body):
            reason = "a lone date line"
        elif site_title:
            reason, title = "the page's title line", title or site_title["title"].strip()
        elif index and body == bodies[index - 1]:
            reason = "a line that repeats the one before"
        elif _UNMISTAKABLE.fullmatch(body.rstrip(".!:… ")) or _FIND.fullmatch(body):
            reason = "an invitation or a link of the page around the text"
        elif _MENU.fullmatch(body) and any(map(_MENU.fullmatch, _neighbours(bodies, index))):
            reason = "a menu of the page around the text"
        reasons.append(reason)
        at_head = at_head and reason is not None
    if at_head:  # then these lines are all that the source says
        return list(drafts), title
    return [
        replace(draft, furniture=reason) if reason else draft for draft, reason in zip(drafts, reasons, strict=True)
    ], title


def _one_line(text: str, draft: DraftBlock) -> str:
    """Return what a block says if it may be furniture at all, a short line of the author's; else nothing."""
    body = text[draft.start : draft.end]
    ordinary = draft.kind == "paragraph" and draft.attribution.kind == "author"
    return body if ordinary and len(body) <= _LONGEST and "\n" not in body else ""


def _neighbours(bodies: Sequence[str], index: int) -> Sequence[str]:
    return [*bodies[max(0, index - 1) : index], *bodies[index + 1 : index + 2]]


def _is_in_table(bodies: Sequence[str], index: int) -> bool:
    """Say whether a line with a bar stands next to another one with other words, as the rows of a table do."""
    return any("|" in body and body != bodies[index] for body in _neighbours(bodies, index))
