"""Odd characters through read, split, index, ask and every surface: a quote is its source's own code points."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import pytest
from click.testing import CliRunner
from support.scripts import benchmark_script

from rag.answer.conversation import Conversation
from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.building.verify import verify_quotation
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.errors import RagError
from rag.core.types.answers import Filters
from rag.render.exporting import EXPORTS
from rag.render.json_records import answer_record, to_json
from rag.render.markup import answer_html

generated = benchmark_script("generated_documents")
verbatim = benchmark_script("verbatim")

CHARACTERS = {
    "override": "\u202e", "embedding": "\u202a", "isolate": "\u2066", "mark": "\u200f", "arabic mark": "\u061c",
    "accent": "\u0301", "many accents": "\u0300" * 40, "enclosing": "\u20dd", "zero width": "\u200b",
    "joiner": "\u200d",
    "soft hyphen": "\u00ad", "no break": "\u00a0", "line separator": "\u2028", "paragraph separator": "\u2029",
    "next line": "\u0085", "byte order mark": "\ufeff", "nonbreaking": "\u2060", "variation": "\ufe0f",
    "confusable": "\u0430", "ligature": "\ufb03", "full width": "\uff21", "astral": "\U0001f9ea", "tag": "\U000e0041",
    "private": "\ue000", "private plane": "\U0010fffd", "noncharacter": "\ufdd0", "last": "\U0010ffff",
    "replacement": "\ufffd", "hangul filler": "\u3164", "mongolian": "\u180e", "object": "\ufffc", "c1": "\x9b",
    "kelvin": "\u212a", "dotted": "\u0130", "sharp": "\u1e9e", "sigma": "\u03c2",
}  # fmt: skip


@dataclass(frozen=True)
class Odd:
    """An index of documents with odd characters, and what was written into each."""

    engine: Engine
    made: dict[str, object]
    settings: Settings


@pytest.fixture(scope="module")
def odd(seeded: object, tmp_path_factory: pytest.TempPathFactory) -> Odd:
    place = tmp_path_factory.mktemp("odd")
    settings = Settings(corpus=place / "corpus", index=seeded(place / "index"))  # type: ignore[operator]
    settings.corpus.mkdir()
    made = {}
    for number, character in enumerate(CHARACTERS.values()):
        for kind, format_ in enumerate(("txt", "md", "html", "xml", "docx", "epub")):
            said = (
                f"Zorb{character}ulin {number}{kind} ({character}) calms the heart of mouse {number}-{kind}{character}."
            )
            sentence = generated.Piece("paragraph", said)
            name = f"{number:02d}.{format_}"
            data = generated.FORMATS[format_]([sentence])
            made[name] = generated.Made(name, data, data.decode() if format_ == "txt" else said, (said,))
            (settings.corpus / name).write_bytes(made[name].data)
    build(settings)
    return Odd(open_index(settings.index, settings.corpus), made, settings)


def test_whatever_can_be_written_is_read(odd: Odd) -> None:
    paths = {record.path for record in odd.engine.index.manifest.documents}
    assert paths == set(odd.made)


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_quote_is_its_sources_own_code_points_on_every_surface(name: str, odd: Odd) -> None:
    number = list(CHARACTERS).index(name)
    asked = odd.engine.ask(f"Does Zorb{CHARACTERS[name]}ulin calm the heart of mouse {number}?")
    assert verbatim.lost_in(asked, odd.made, odd.engine, Counter()) == []
    found = set()
    for kind in range(6):
        answer = odd.engine.ask(f"What calms the heart of mouse {number}-{kind}?", quotes=10)
        assert verbatim.lost_in(answer, odd.made, odd.engine, Counter()) == []
        for near in answer.related:
            assert near.text == odd.made[near.document.path].text[near.start : near.end]
        found |= {quote.document.path for quote in (*answer.quotes, *answer.related)}
    assert {path for path in odd.made if path.startswith(f"{number:02d}.")} & found


@pytest.mark.parametrize(
    "stated", ["a\\x00b", "a\\u202eb", "a\\x1b[31mb", "a\\ud800b", "<script>a</script>", "a\\uFEFF"]
)
def test_odd_characters_in_what_a_source_states_of_itself(stated: str, own: Settings) -> None:
    front = f'---\ntitle: "{stated}"\nauthors: ["{stated}"]\npublisher: "{stated}"\nretracted: "{stated}"\n---\n'
    (own.corpus / "a.md").write_text(f"{front}# {stated}\n\nZorbulin calms the heart of mice.")
    build(own)
    engine = open_index(own.index, own.corpus)
    answer = engine.ask("Does zorbulin calm the heart of mice?", filters=Filters(include_retracted=True))
    assert [quote.text.rpartition("\n")[2] for quote in answer.quotes] == ["Zorbulin calms the heart of mice."]
    made = {"a.md": generated.Made("a.md", b"", answer.quotes[0].document.text, ())}
    assert verbatim.lost_in(answer, made, engine, Counter()) == []


@pytest.mark.parametrize("text", ["\ud800", "\udcff", "a\udfffb", "\ud83d", "mouse\x00", "\ud800\udc00"])
def test_half_characters_in_a_question_stop_nothing(text: str, odd: Odd) -> None:
    question = f"What calms the heart of mouse 1-1 {text}?"
    answers = [odd.engine.ask(question), odd.engine.ask("And mice?", context=[question])]
    conversation = Conversation(odd.engine)
    answers += [conversation.ask(question), conversation.ask("And hearts?", searched_as=f"hearts of mice {text}")]
    answers.append(conversation.ask("Why?"))
    for answer in answers:
        (to_json(answer_record(answer)) + answer_html(answer)).encode("utf-8")
    for export in EXPORTS.values():
        rendered = export(conversation.turns, "2026-02-03T04:05:06+00:00")  # type: ignore[operator]
        str(rendered).encode("utf-8")
    try:
        assert verify_quotation(odd.engine.index, f"calms {text}").verdict == "absent"
        odd.engine.ask(question, filters=Filters(documents=(f"{text}.txt",)))
    except RagError as error:
        str(error).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "mouse \udcff"],
        ["query", "And?", "--context", "mouse \udcff"],
        ["query", "mouse", "--document", "\udcff.txt"],
        ["query", "mouse", "--kind", "\udcff"],
        ["query", "-"],
        ["verify", "mouse \udcff"],
        ["show", "\udcff.txt"],
    ],
)
def test_bytes_of_the_command_line_that_are_no_utf8_stop_nothing(arguments: list[str], odd: Odd) -> None:
    where = ["--corpus", str(odd.settings.corpus), "--index", str(odd.settings.index)]
    for form in ([], ["--json"]):
        result = CliRunner().invoke(command, [*arguments, *where, *form], input=b"mouse \xff\xed\xa0\x80?")
        assert isinstance(result.exception, SystemExit | None), result.exception
        if form and result.stdout:
            json.loads(result.stdout)
