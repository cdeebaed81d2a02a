"""Page furniture: which lines of a saved page are set aside, and which never are."""

from __future__ import annotations

import pytest
from made import block_with, read, shown
from support.cases import check_each

AROUND = "The text above says something of its own.\n\n{}\n\nThe text below says something else of its own."

FURNITURE = """\
Wednesday, 26 November 2014
26 November 2014
26th November 2014
Nov. 26, 2014
November 26, 2014 at 3:15 pm
Sat 1 March 2014, 09:30
2014-11-26
26/11/2014
26.11.2014
Find a Therapist
Find a Treatment Center
Search for a mental health professional near you.
Search for a psychiatrist near you
Share this article
Share on Facebook
Share this post on Twitter, Facebook and Pinterest
Share via e-mail
Print this page
Subscribe
Sign up now
Log in
Sign up for our free weekly newsletter
Subscribe to our newsletter!
Join our mailing list
Log in or register to comment
Follow us
Follow us on Instagram
Related articles
Popular Posts
More stories
Read more
Learn more…
Advertisement
Leave a comment
12 comments
Comments (12)
Skip to main content
Back to top
© 2014 Harbour Health
© Sussex Publishers, LLC
Copyright 2014 Harbour Health. All rights reserved.
Copyright © Harbour Health
(c) 2014 Harbour Health
All rights reserved.
We use cookies to improve this site.
This website uses cookies.
Privacy Policy
Terms of Use
Contact us
About us
""".splitlines()

WORDS = """\
Home
Search
Share
Next
Previous
Menu
Like
Like this
Like this.
Print
Save
Reply
Register
Join
Join in
Register with a doctor first.
Register for a trial if you can.
Join a walking group.
Sign up for Medicare.
Sign up with a doctor near you.
Share with your doctor.
Share this with your doctor.
Save to the last day.
Save for later in the day.
Print on both sides.
Find a doctor.
Find a therapist you trust.
Find help now.
Search for an emergency department near you.
Search for a pharmacy near you.
Search for lumps.
Follow up in a week.
Follow us up the stairs.
Report abuse
Report abuse.
More exercise
More reading glasses
Related symptoms
Popular remedies
Read the label.
See a doctor.
Learn to breathe.
Show restraint
No comments were made on dosage.
Copyright protects the leaflet and not the leaf.
Copyright is held by the hospital.
(c) Take two tablets.
(c) In 2012 the dose was halved.
We use cookie dough as a placebo.
Next, rinse.
Home remedies
Home care only
Advertising misleads patients.
In November 2014 it was withdrawn.
May 5 to 10 mg help?
5 May or June
12.5.10
120/80
2014
10 mg
Dose | 400 mg
Adults | Children
Stop.
Yes
No
Never.
Call 999.
Call a doctor now.
Warning
Rest.
""".splitlines()


def test_lines_of_the_page_are_set_aside_with_a_reason_and_kept() -> None:
    def check(line: str) -> None:
        document = read(AROUND.format(line))
        aside = [bool(block.furniture) for block in document.blocks]
        assert aside == [False, True, False], aside
        assert document.text == AROUND.format(line)

    check_each([(line,) for line in FURNITURE], check)


def test_lines_that_may_say_something_are_never_set_aside() -> None:
    def check(line: str) -> None:
        aside = [block.furniture for block in read(AROUND.format(line)).blocks]
        assert aside == [None, None, None], aside

    check_each([(line,) for line in WORDS], check)


@pytest.mark.parametrize("line", ["Wednesday, 26 November 2014", "Subscribe", "Privacy Policy"])
@pytest.mark.parametrize(
    ("form", "kind"),
    [("- {}\n- Rest", "list item"), ("1. {}\n2. Rest", "list item"), ("> {}", "quotation"), ("{}\n=====", "heading")],
)
def test_items_quotations_and_headings_are_never_set_aside(form: str, kind: str, line: str) -> None:
    document = read(AROUND.format(form.format(line)))
    block = block_with(document, line)
    assert (block.kind, block.furniture) == (kind, None)


@pytest.mark.parametrize("line", ["Subscribe", "26 November 2014"])
@pytest.mark.parametrize("form", ["He said: {}", "{} and so on", "{}\nand a line below it", "{} " + "and more " * 30])
def test_furniture_is_a_line_of_its_own(form: str, line: str) -> None:
    document = read(AROUND.format(form.format(line)))
    assert all(block.furniture is None for block in document.blocks)


def test_a_menu_is_set_aside_in_company_only() -> None:
    document = read(AROUND.format("Home\n\nSearch\n\nNext") + "\n\nHome")
    aside = [text for (_, text), block in zip(shown(document), document.blocks, strict=True) if block.furniture]
    assert aside == ["Home", "Search", "Next"]
    assert document.blocks[-1].furniture is None


def test_a_line_that_repeats_the_one_before_is_set_aside_once() -> None:
    document = read(AROUND.format("A caption.\n\nA caption."))
    assert [block.furniture for block in document.blocks] == [None, None, "a line that repeats the one before", None]


@pytest.mark.parametrize("form", ["- Rest.\n- Rest.", "> Rest.\n\n> Rest.", "Rest\n----\n\nRest\n----"])
def test_items_quotations_and_headings_may_repeat(form: str) -> None:
    assert all(block.furniture is None for block in read(AROUND.format(form)).blocks)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Ginger at Sea | Harbour Health", "Ginger at Sea"),
        ("Ginger at Sea | Harbour Health\n\nGinger at Sea | Harbour Health", "Ginger at Sea"),
        ("6 March 2015\n\nGinger at Sea » Health.com", "Ginger at Sea"),
        ("Log in\n\nGinger at Sea | NHS", "Ginger at Sea"),
    ],
)
def test_a_title_line_at_the_head_gives_the_title(head: str, title: str) -> None:
    document = read(f"{head}\n\nText of its own.")
    assert document.title == title
    assert [text for (_, text), block in zip(shown(document), document.blocks, strict=True) if not block.furniture] == [
        "Text of its own."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dose | 400 mg\n\nText of its own.",
        "Form of it | Its uptake\n\nGlycinate | High\n\nText of its own.",
        "Text of its own.\n\nGinger at Sea | Harbour Health\n\nMore text.",
        "Ginger | Sea | Harbour\n\nText of its own.",
    ],
)
def test_other_lines_with_a_bar_are_text(text: str) -> None:
    assert all(block.furniture is None for block in read(text).blocks)


@pytest.mark.parametrize("text", ["26 November 2014", "Subscribe\n\nPrivacy Policy", "Home\n\nSearch"])
def test_lines_that_are_all_there_is_are_text(text: str) -> None:
    assert all(block.furniture is None for block in read(text).blocks)
