"""A conversation on the command line: its answers, its commands, and what goes wrong with a line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.indexes import Prebuilt
from support.paths import ROOT
from support.properties import examples

from rag.building.build import build
from rag.cli.chat.lines import PROMPT
from rag.cli.chat.slash_commands import KINDS, command_of
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.safety.framing import FRAMING
from rag.safety.texts import text

QUESTION = "Who should not take magnesium?"
CRISIS = "I want to kill myself"


@dataclass(frozen=True)
class Held:
    code: int
    out: str
    err: str

    @property
    def records(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def folders(settings: Settings) -> list[str]:
    return ["--corpus", str(settings.corpus), "--index", str(settings.index)]


def held(settings: Settings, *lines: str | bytes, options: tuple[str, ...] = ()) -> Held:
    """Hold a conversation of some lines, as through a pipe."""
    typed = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    result = CliRunner().invoke(command, ["chat", *folders(settings), *options], input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Held(result.exit_code, result.stdout, result.stderr)


def other(settings: Settings, *arguments: str) -> str:
    """Return what another command prints."""
    return CliRunner().invoke(command, [*arguments, *folders(settings)]).stdout


def test_answers_are_printed_as_query_prints_them_one_after_the_other(starter_settings: Settings) -> None:
    first = other(starter_settings, "query", QUESTION)
    second = other(starter_settings, "query", "And ketamine?", "--context", QUESTION)
    assert "Searched as: Who should not take ketamine?" in second
    assert held(starter_settings, QUESTION, "And ketamine?") == Held(0, f"{first}\n{second}\n", "")


def test_json_is_an_object_a_line_for_each_question(starter_settings: Settings, tmp_path: Path) -> None:
    commands = ("/sources", "/open 1", "/help", "/nothing", f"/save {tmp_path / 'a.json'}", "/new")
    ran = held(starter_settings, QUESTION, *commands, "And ketamine?", options=("--json",))
    first, second = ran.records
    assert {**first, "took_ms": 0} == {**json.loads(other(starter_settings, "query", QUESTION, "--json")), "took_ms": 0}
    assert second["searched_as"] == "And ketamine?"  # a new topic
    for part in ("(question 1, quote 1)", "┃", "/save! FILE", "There is no command /nothing.", "Saved in"):
        assert part in ran.err


def test_a_pipe_holds_a_conversation(starter_settings: Settings) -> None:
    arguments = [sys.executable, "-m", "rag", "chat", *folders(starter_settings)]
    typed = f"{QUESTION}\nAnd ketamine?"  # its last line has no end
    words, records = (
        subprocess.run([*arguments, *options], input=typed, capture_output=True, text=True, check=True)
        for options in ([], ["--json"])
    )
    assert (words.stderr, words.stdout.count(FRAMING.text[:40])) == ("", 2)
    assert not words.stdout.startswith(PROMPT)
    assert "\x1b" not in words.stdout
    assert [json.loads(line)["question"] for line in records.stdout.splitlines()] == [QUESTION, "And ketamine?"]


@pytest.mark.parametrize("line", ["", "  ", "x" * 100_000])
def test_a_line_that_cannot_be_asked_is_told_and_ends_nothing(line: str, starter_settings: Settings) -> None:
    ran = held(starter_settings, line, QUESTION, options=("--json",))
    assert (ran.code, len(ran.records), len(ran.err.splitlines())) == (0, 1, 1)
    assert len(ran.err) < 300


def test_bytes_that_are_not_utf8_are_a_question_too(starter_settings: Settings) -> None:
    (record,) = held(starter_settings, b"\xff magnesium\r", options=("--json",)).records
    assert record["question"] == "\ufffd magnesium"


def test_the_options_of_query(starter_settings: Settings) -> None:
    options = ("-k", "1", "--document", "ketamine.md", "--country", "US", "--json", "--may-refuse", "0.01")
    first, second = held(starter_settings, "What is ketamine?", CRISIS, options=options).records
    assert [quote["document"]["path"] for quote in first["quotes"]] == ["ketamine.md"]
    assert first["filters"] == second["filters"] == {"documents": ["ketamine.md"]}
    assert second["notices"][0]["text"] == text("crisis", "US")


@pytest.mark.parametrize("options", [("-k", "0"), ("--since", "soon"), ("--document", "no.md")])
def test_what_no_question_can_be_asked_with_ends_it_as_query_ends(
    options: tuple[str, ...], starter_settings: Settings
) -> None:
    ran = held(starter_settings, QUESTION, QUESTION, options=options)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_an_index_that_cannot_be_used_is_exit_code_3(own: Settings) -> None:
    foreign = own.corpus.parent / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"a cat")
    settings = Settings(corpus=own.corpus, index=foreign)
    assert held(settings, QUESTION).code == 3
    ran = held(settings, CRISIS, "What is salt?", "What is salt?", "What is pepper?", options=("--json",))
    assert (ran.code, len(ran.records), ran.err.count("is not an index folder")) == (3, 2, 2)  # what was held stays


def test_a_crisis_waits_for_no_index_and_another_question_builds_one(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    ran = held(own, CRISIS, f"/as {CRISIS}", "and how many?", options=("--json",))
    assert [record["status"] for record in ran.records] == ["withheld"] * 3
    assert not (own.index / "current").exists()
    ran = held(own, CRISIS, "Hello?", "Does salt calm the heart?", options=("--json",))
    assert [record["status"] for record in ran.records[:2]] == ["withheld"] * 2
    assert ran.records[2]["quotes"] or ran.records[2]["related"]
    assert [record["notices"][0]["kind"] for record in ran.records] == ["crisis"] * 3
    assert ran.err.index(text("crisis")[:40]) < ran.err.index("There is no index yet: building it.")


def test_a_cry_for_help_is_heard_behind_a_slash_too(own: Settings) -> None:
    assert [record["status"] for record in held(own, f"/{CRISIS}", options=("--json",)).records] == ["withheld"]


@pytest.mark.parametrize("gone", [False, True])
def test_an_index_that_is_published_meanwhile_answers(
    gone: bool, prebuilt: Prebuilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is none any more, it is built anew."""
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    lines: Iterator[str | None] = iter(("Does salt calm the heart?", "Does pepper wake the heart?", None))

    def read_line() -> str | None:
        line = next(lines)
        if line and "pepper" in line:
            (own.corpus / "b.txt").write_text("Pepper wakes the sailor's heart.")
            build(own)
            if gone:
                (own.index / "current").unlink()
        return line

    monkeypatch.setattr("rag.cli.chat.talk.read_line", read_line)
    first, second = held(own, options=("--json",)).records
    assert (first["index"]["documents"], second["index"]["documents"]) == (1, 2)
    assert second["quotes"][0]["document"]["path"] == "b.txt"


def test_the_sources_of_a_conversation(starter_settings: Settings) -> None:
    ran = held(starter_settings, "/sources", QUESTION, "What is ketamine?", "/sources", options=("--json",))
    nothing, listed = ran.err.split("\n", 1)
    assert nothing == "Nothing has been quoted yet."
    titles = set()
    for number, record in enumerate(ran.records, 1):
        for quote in record["quotes"]:
            titles.add(quote["document"]["title"])
            first, last = quote["lines"]
            lines = f"line {first}" if first == last else f"lines {first}–{last}"
            place = f"{quote['document']['path']}, {lines} (question {number}, quote {quote['rank']})"
            assert place in " ".join(listed.split())
            assert (quote["link"] or quote["document"]["source_url"] or "") in listed
    assert len(titles) > 1
    assert [title for title in titles if " ".join(listed.split()).count(title) != 1] == []


def test_a_quote_is_opened_in_its_document(starter_settings: Settings) -> None:
    (record,) = held(starter_settings, QUESTION, options=("--json",)).records
    ran = held(starter_settings, "/open 1", QUESTION, "/open 99", "/open x", "/open 2")
    assert ran.out.endswith(f"\n\n{other(starter_settings, 'show', record['quotes'][1]['id'])}")
    count = len(record["quotes"])
    assert ran.err.splitlines() == [
        "The last answer shows nothing that could be opened. /sources lists what was quoted.",
        f"The last answer has no passage '99'. Type /open with a number from 1 to {count}.",
        f"The last answer has no passage 'x'. Type /open with a number from 1 to {count}.",
    ]


def test_asking_again_takes_the_place_of_the_last_answer(starter_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    lines = ("/as ketamine", QUESTION, "/as Who should not take ketamine?", "/as", f"/as {'x' * 9999}", f"/save {file}")
    ran = held(starter_settings, *lines, options=("--json",))
    first, again = ran.records
    assert (first["searched_as"], again["searched_as"]) == (QUESTION, "Who should not take ketamine?")
    assert again["question"] == QUESTION
    (saved,) = json.loads(file.read_text(encoding="utf-8"))["turns"]
    assert saved["answer"] == again
    told = ran.err.splitlines()
    assert told[:2] == ["Nothing has been asked yet. Type a question.", "/as needs something after it. Type: /as WORDS"]
    assert "characters; at most" in told[2]


def test_other_readings_are_offered(starter_settings: Settings) -> None:
    lines = ("Does magnesium or ketamine help depression?", "What about memantine?")
    readings = held(starter_settings, *lines, options=("--json",)).records[1]["resolution"]["choices"]
    assert readings
    said = held(starter_settings, *lines).out.splitlines()
    assert [line for line in said if line.startswith("Or did you mean: ")] == [
        f"Or did you mean: /as {reading}" for reading in readings
    ]


@pytest.mark.parametrize(
    ("ending", "begins"), [(".md", "# Conv"), (".json", '{"schema"'), (".HTML", "<!DOCTYPE html>")]
)
def test_a_conversation_is_saved(ending: str, begins: str, starter_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / f"my chat{ending}"
    ran = held(starter_settings, f"/save {file}", QUESTION, f"/save {file}", f"/save {file}")
    assert (ran.code, ran.err.splitlines()) == (
        0,
        [
            "Nothing has been asked yet, so there is nothing to save. Type a question.",
            f"Saved in {file}.",
            f"There is a file {file} already. To replace it: /save! {file}",
        ],
    )
    assert file.read_text(encoding="utf-8").startswith(begins)
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_file_that_is_there_is_replaced_only_when_told_to(starter_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("mine")
    assert "There is a file" in held(starter_settings, QUESTION, f"/save {file}").err
    assert file.read_text() == "mine"
    held(starter_settings, QUESTION, f"/save! {file}")
    assert file.read_text(encoding="utf-8").startswith("# Conversation")


@pytest.mark.parametrize(
    "name", ["{}/no/where.md", "{}", "{}/a.txt", "{}/\0.md", "~nobody-of-it/a.md", f"{{}}/{'x' * 300}.md"]
)
def test_a_save_that_fails_is_told_and_loses_nothing(name: str, starter_settings: Settings, tmp_path: Path) -> None:
    where = name.format(tmp_path)
    ran = held(starter_settings, QUESTION, f"/save {where}", f"/save! {where}", f"/save {tmp_path}/b.md")
    assert (ran.code, len(ran.err.splitlines())) == (0, 3)
    assert [each.name for each in tmp_path.iterdir()] == ["b.md"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/opne 1", "There is no command /opne. Did you mean /open? /help lists them."),
        ("/exit", "There is no command /exit. Did you mean /quit? /help lists them."),
        ("/\x1b[31mzzz", r"There is no command /\x1b[31mzzz. /help lists them."),
        ("/", "There is no command /. /help lists them."),
        ("/save", "/save needs something after it. Type: /save FILE"),
        ("/new topic", "/new takes nothing after it. Type: /new"),
    ],
)
def test_a_wrong_command_is_told_so_with_the_nearest_one(line: str, says: str, own: Settings) -> None:
    assert held(own, line) == Held(0, "", f"{says}\n")


def test_quitting_leaves_the_rest_unread(own: Settings) -> None:
    assert held(own, "/Quit", QUESTION) == Held(0, "", "")
    assert held(own) == Held(0, "", "")


def test_help_and_the_readme_name_every_command(own: Settings) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = held(own, "/help").out
    assert [name for name in KINDS if f"/{name}" not in said or f"`/{name}" not in readme] == []


@examples(200)
@given(st.one_of(st.text(), st.text().map(lambda line: f"/{line}"), st.sampled_from([f"/{name} x" for name in KINDS])))
def test_a_line_is_a_question_or_a_command_or_told(line: str) -> None:
    try:
        found = command_of(line)
    except UsageError as error:
        assert error.advice
    else:
        assert (found is None) == (not line.strip().startswith("/"))
        assert found is None or bool(found.argument) == bool(KINDS[found.name].takes)
