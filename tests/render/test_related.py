"""Nobody can take what is only related for an answer: not on a screen, not in a file, not in JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from lxml import html
from support.related import related_to
from support.surfaces import HOSTILE, RECORDS, SCREENS, SURFACES, UNSAFE, VisibleWords, flat, html_of, plain, terminal

from rag.answer.engine import Engine
from rag.answer.quoted import quoted_documents
from rag.cli.main import command
from rag.cli.ready import ReadyEngine
from rag.core.config import Settings
from rag.core.types.answers import Answer, ShortfallKind, Suggestion, Turn
from rag.core.types.documents import Standing
from rag.core.types.reports import OperatingPoint
from rag.render.evidence import LEGEND
from rag.render.json_records import answer_record
from rag.render.json_reports import operating_point_record
from rag.render.lacking import NEAR, near_count
from rag.render.markup import related_html, related_passage_html
from rag.render.wording import outcome, outcome_runs, point_line
from rag.text.characters import one_line

STAMP = "2026-02-03T04:05:06+00:00"
FILES = [surface for surface in SCREENS if surface != "terminal"]


@pytest.fixture(scope="module")
def answered(starter: Engine) -> Answer:
    found = starter.ask("Who should not take magnesium?")
    assert len(found.quotes) > 1
    assert all(quote.highlights for quote in found.quotes)
    return found


@pytest.fixture(scope="module")
def related(answered: Answer) -> Answer:
    return related_to(answered)


def tags(surface: str, shown: str) -> set[str]:
    parser = VisibleWords()
    parser.feed(html_of(surface, shown))
    return set(parser.tags)


@pytest.mark.parametrize(
    ("kind", "names", "covered", "says"),
    [
        ("unknown", ("zorbulin",), (),
         "No document says anything about zorbulin. These passages are near, and not an answer."),
        ("unknown", ("zorbulin", "glim"), ("magnesium",),
         "No document says anything about zorbulin or glim. These are about magnesium only."),
        ("apart", ("magnesium", "lithium"), ("magnesium",),
         "No passage speaks of magnesium and lithium together. These speak of one or the other."),
        ("apart", ("magnesium", "lithium", "ketamine"), (),
         "No passage speaks of magnesium, lithium and ketamine together. These speak of some of them."),
        ("unsure", (), ("magnesium",), "These passages are near the question, and may not answer it."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_missing_is_said_before_any_passage(
    surface: str, kind: ShortfallKind, names: tuple[str, ...], covered: tuple[str, ...], says: str, answered: Answer
) -> None:
    answer = related_to(answered, kind, names, covered)
    assert outcome(answer) == says
    shown = plain(surface, SURFACES[surface](answer))
    for quote in answer.related:
        first = flat(quote.document.text[slice(*quote.passage.sentences[0])]).replace('"', '\\"' * (surface in RECORDS))
        assert shown.index(flat(says)) < shown.index(first[:40])


@pytest.mark.parametrize("surface", SCREENS)
def test_it_is_the_first_line_after_the_notices(surface: str, related: Answer) -> None:
    """Only the question's own heading and the time may stand before it, and in Markdown and pages alone."""
    answer = replace(related, searched_as="magnesium (other words)", notices=related.notices[:1])
    shown = plain(surface, SURFACES[surface](answer))
    said = flat(outcome(answer))
    before = shown[: shown.index(said)].split(flat(answer.notices[0].text))[1]
    assert flat(before.replace(answer.question, "")) == ""
    assert shown.index(said) < shown.index("Searched as:")


@pytest.mark.parametrize("surface", SCREENS)
def test_missing_words_of_an_answer_are_said_before_its_quotes(surface: str, answered: Answer) -> None:
    answer = replace(answered, missing_terms=("zorbulin",), suggestions=(Suggestion("zorbulin", ("sorbitol",)),))
    shown = plain(surface, SURFACES[surface](answer))
    said = "No document holds: zorbulin (did you mean sorbitol?). "
    assert outcome(answer).startswith(said)
    assert shown.index(said) < shown.index("word for word.") < shown.index(flat(answer.quotes[0].text)[:40])
    assert shown.count("zorbulin") == 1


def test_names_stand_out(related: Answer) -> None:
    assert [run.text for run in outcome_runs(related) if run.emphasised] == ["zorbulin", "magnesium"]
    assert "about <strong>zorbulin</strong>. These are about <strong>magnesium</strong> only." in related_page(related)
    assert r"about **zorbulin**\. These are about **magnesium** only\." in SURFACES["markdown"](related)
    said = terminal(related, color=True)
    assert "about \x1b[1mzorbulin\x1b[0m. These are about \x1b[1mmagnesium\x1b[0m only." in said


def related_page(answer: Answer) -> str:
    return SURFACES["page of a conversation"](answer)


@pytest.mark.parametrize("surface", SCREENS)
def test_hostile_names_are_shown_as_their_characters(surface: str, answered: Answer) -> None:
    answer = related_to(answered, "unknown", (HOSTILE,), (f"of\n# {HOSTILE}",))
    shown = SURFACES[surface](answer)
    assert not UNSAFE.search(shown)
    words = plain(surface, shown)
    assert (
        flat(f"No document says anything about {one_line(HOSTILE)}. These are about of # {one_line(HOSTILE)}") in words
    )
    assert flat(f"does not mention: {one_line(HOSTILE)}") in words
    assert not {"script", "img", "code", "em"} & tags(surface, shown)
    assert surface == "terminal" or "strong" in tags(surface, shown)


@pytest.mark.parametrize("surface", SCREENS)
def test_nothing_of_it_is_marked(surface: str, related: Answer, answered: Answer) -> None:
    shown = SURFACES[surface](related)
    assert "<mark" not in shown
    assert "┃" not in shown
    assert ":~:text=" not in shown
    assert "word for word" not in shown
    marked = SURFACES[surface](answered)
    assert "<mark" in marked or "┃" in marked


@pytest.mark.parametrize("surface", FILES)
def test_it_is_no_quote(surface: str, related: Answer) -> None:
    found = html.document_fromstring(html_of(surface, SURFACES[surface](related)))
    assert not found.xpath("//blockquote")
    assert not [each for each in found.xpath("//h3 | //h4") if each.text_content() != NEAR]


@pytest.mark.parametrize("surface", FILES)
def test_every_word_of_it_stands_in_files(surface: str, related: Answer) -> None:
    shown = plain(surface, SURFACES[surface](related))
    for quote in related.related:
        assert flat(quote.text.replace("\t", " | ")) in shown
        assert quote.document.title in shown


@pytest.mark.parametrize("surface", ["markup", "page of a conversation"])
def test_html_folds_it_away_and_says_of_each_passage_that_it_is_no_answer(surface: str, related: Answer) -> None:
    (folded,) = html.document_fromstring(SURFACES[surface](related)).xpath("//details[@class='rag-related']")
    assert folded.get("open") is None
    assert folded.find("summary").text == near_count(related)
    assert near_count(related) == f"Show {len(related.related)} passages that are near, and not an answer"
    assert near_count(replace(related, related=related.related[:1])) == "Show 1 passage that is near, and not an answer"
    passages = folded.findall("article")
    assert len(passages) == len(related.related)
    for passage, quote in zip(passages, related.related, strict=True):
        assert passage.get("aria-label").startswith(f"{NEAR}: {quote.document.title}")
        assert flat(passage.text_content()).startswith(quote.document.title)


def test_one_passage_can_be_had_alone(related: Answer) -> None:
    quote = related.related[0]
    shown = related_passage_html(quote, "turn-1-", "<p>after</p>")
    assert shown in related_html(replace(related, related=(quote,)), "turn-1-").replace(
        "</article>", "<p>after</p></article>"
    )
    (passage,) = html.fragments_fromstring(shown)
    assert passage.get("id") == f"turn-1-related-{quote.passage.id}"
    assert related_html(replace(related, related=())) == ""


def test_the_terminal_shows_how_each_begins(related: Answer) -> None:
    shown = terminal(related, 96)
    words = plain("terminal", shown)
    assert LEGEND not in words
    for quote in related.related:
        start, end = quote.passage.sentences[0]
        more = " […]" if quote.document.text[end : quote.end].strip() else ""
        assert flat(quote.document.text[start:end] + more).replace("\t", " | ") in words
        assert f"   python -m rag show {quote.passage.id}" in shown.splitlines()
        assert f"{quote.rank} {quote.document.title}" in words
    long = [quote for quote in related.related if len(quote.passage.sentences) > 1]
    assert long
    assert not [quote for quote in long if flat(quote.text) in words]


def test_a_passage_that_is_one_sentence_or_none_is_shown_whole(related: Answer) -> None:
    quote = related.related[0]
    for sentences in (((quote.start, quote.end),), ()):
        one = replace(quote, passage=replace(quote.passage, sentences=sentences))
        shown = plain("terminal", terminal(replace(related, related=(one,))))
        assert flat(quote.text) in shown
        assert "[…]" not in shown


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("status", ["answered", "related"])
def test_what_a_passage_lacks_is_said_under_its_title(
    status: str, surface: str, answered: Answer, related: Answer
) -> None:
    """And before its words, in an answer as well: one that is quoted need not speak of all."""
    quotes = tuple(replace(quote, lacks=("lithium", "zinc")) for quote in answered.quotes)
    standing = Standing(retracted="in doubt")
    quotes = (replace(quotes[0], standing=standing), *quotes[1:])
    answer = replace(answered, quotes=quotes) if status == "answered" else replace(related, related=quotes)
    shown = SURFACES[surface](answer)
    if surface in RECORDS:
        records = json.loads(shown)["quotes" if status == "answered" else "related"]
        assert [each["lacks"] for each in records] == [["lithium", "zinc"]] * len(quotes)
        return
    words = plain(surface, shown)
    lacks = "does not mention: lithium, zinc"
    assert words.count(lacks) == len(quotes)
    assert words.index(quotes[0].document.title) < words.index(lacks) < words.index("Retracted: in doubt")
    assert lacks not in plain(surface, SURFACES[surface](answered))


@pytest.mark.parametrize("surface", RECORDS)
def test_json_keeps_it_apart(surface: str, related: Answer, answered: Answer) -> None:
    record = json.loads(SURFACES[surface](related))
    assert (record["status"], record["quotes"], record["outcome"]) == ("related", [], outcome(related))
    assert (record["names"], record["related_from"]) == (["magnesium", "zorbulin"], 0.08)
    assert record["shortfall"] == {"kind": "unknown", "names": ["zorbulin"], "covered": ["magnesium"]}
    assert [each["text"] for each in record["related"]] == [quote.text for quote in answered.quotes]
    quotes = answer_record(answered)["quotes"]
    for near, quote in zip(record["related"], quotes, strict=True):
        assert quote.keys() - near.keys() == {"highlights", "along", "sides", "citation"}
        assert near.keys() <= quote.keys()
        assert ":~:" not in (near["link"] or "")
    record = json.loads(SURFACES[surface](answered))
    assert (record["related"], record["shortfall"]) == ([], None)


def test_nothing_of_it_is_cited_or_listed_as_quoted(
    related: Answer, starter_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadyEngine, "respond", lambda self, ask: related)
    for form, nothing in (("plain", ""), ("bibtex", ""), ("ris", ""), ("csl", "[]")):
        ran = CliRunner().invoke(command, ["query", related.question, "--cite", form])
        assert (ran.exit_code, ran.stdout.strip()) == (0, nothing)
        assert flat(outcome(related)) in flat(ran.stderr)
    assert quoted_documents([Turn(related.question, related, STAMP)]) == []


def test_chat_shows_it_as_the_terminal_does_and_opens_it(related: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReadyEngine, "respond", lambda self, ask: related)
    ran = CliRunner().invoke(command, ["chat"], input=f"{related.question}\n/sources\n/open 2\n/open 9\n")
    assert ran.exit_code == 0
    assert terminal(related).strip() in ran.stdout
    assert "Nothing has been quoted yet." in ran.stdout
    assert related.related[1].document.title in ran.stdout.split("Nothing has been quoted yet.")[1]
    assert "The last answer has no passage '9'." in ran.stderr


def test_the_operating_point_is_said_in_plain_words() -> None:
    point = OperatingPoint(0.45, 0.03, 0.1, "these", related_from=0.08, only_related=0.12, wrong_answers=0.095)
    assert point_line(point) == (
        "Shown as an answer from a confidence of 0.45 on, as related from 0.08 on. Of 100 questions that have an "
        "answer about 3 are shown nothing and 12 only related passages; of 100 that have none about 10 are answered; "
        "about 10 of 100 answers do not answer (measured on these)."
    )
    assert operating_point_record(point) == {
        "threshold": 0.45, "related_from": 0.08, "wrongly_refused": 0.03, "only_related": 0.12,
        "wrongly_answered": 0.1, "wrong_answers": 0.095, "measured_on": "these",
    }  # fmt: skip
