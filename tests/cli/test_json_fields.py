"""Hold the fields of each command's JSON: one may be added on purpose, none is renamed or lost unseen.

`data/json_fields.json` lists, by command, what fields each object in what it prints may have, `[]` for items of a list.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.paths import DATA, MAGNESIUM_QUESTION, STARTER

from rag.cli.main import COMMANDS, command, command_named
from rag.core.config import Settings
from rag.render.json_records import SCHEMA

FIELDS: dict[str, dict[str, list[list[str]]]] = json.loads((DATA / "json_fields.json").read_text(encoding="utf-8"))
FREE = ("refusal.kinds", "quotes[].citation", "filters")
"""Objects that hold only the fields that apply: kinds of questions, CSL-JSON, and the filters that were asked for."""


def objects(value: Any, at: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the path and the fields of each object in a record."""
    if isinstance(value, dict):
        yield at, sorted(value)
        for name, inside in value.items():
            yield from objects(inside, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each, f"{at}[]")


def printed(settings: Settings, name: str, *arguments: str, typed: str = "") -> list[dict[str, Any]]:
    takes = {parameter.name for parameter in command_named(name).params}
    folders = ["--corpus", str(settings.corpus)] if "corpus" in takes else []
    folders += ["--index", str(settings.index)] if "index" in takes else []
    run = CliRunner().invoke(command, [name, *arguments, "--json", *folders], input=typed)
    assert run.exit_code in (0, 1), run.output
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("name", "arguments", "typed"),
    [
        ("query", [MAGNESIUM_QUESTION], ""),
        ("query", ["Is magnisium zzz?", "--since", "1900"], ""),
        ("query", ["And memantine?", "--context", MAGNESIUM_QUESTION], ""),
        ("query", ["I want to kill myself"], ""),
        ("chat", [], f"{MAGNESIUM_QUESTION}\nAnd memantine?\n"),
        ("show", ["ketamine.md"], ""),
        ("verify", [], ""),
        ("verify", ["acts as an antagonist"], ""),
        ("eval", [str(STARTER / "questions.jsonl")], ""),
        ("gaps", [], ""),
        ("sources", [], ""),
        ("status", [], ""),
        ("check", [], ""),
        ("build", [], ""),
    ],
)
def test_each_object_has_the_fields_it_had(
    name: str, arguments: list[str], typed: str, starter_settings: Settings
) -> None:
    hold(name, printed(starter_settings, name, *arguments, typed=typed))


def test_so_has_what_changes_the_corpus(own: Settings, tmp_path: Path) -> None:
    for file in ("a.md", "b.md"):
        (tmp_path / file).write_text(f"# Salt {file}\n\nSalt calms the heart, says {file}.\n")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4")
    questions = tmp_path / "asked.jsonl"
    questions.write_text(json.dumps({"question": "Does salt calm?", "status": "not_in_corpus"}) + "\n")
    hold("add", printed(own, "add", str(tmp_path / "a.md"), str(tmp_path / "broken.pdf"), "--title", "Salt"))
    hold("build", printed(own, "build"))
    hold("add", printed(own, "add", str(tmp_path / "b.md")))
    os.utime(own.corpus / "b.md", (0, 0))
    (own.corpus / "b.md").write_text("# Pepper\n\nPepper wakes the heart.\n")
    hold("build", printed(own, "build", "--compare", "--questions", str(questions)))
    hold("build", printed(own, "build", "--back"))
    hold("remove", printed(own, "remove", "a.md"))


def hold(name: str, records: list[dict[str, Any]]) -> None:
    """Compare the fields of each object with those that are listed."""
    assert records
    for record in records:
        assert record["schema"] == SCHEMA
        for path, fields in objects(record):
            if not path.startswith(FREE):
                assert fields in FIELDS[name].get(path, []), f"{name} --json, {path or 'the object itself'}"


def test_all_commands_are_listed() -> None:
    assert FIELDS.keys() == COMMANDS.keys()
