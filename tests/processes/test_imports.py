"""Importing and asking stay light, and what is exported is documented."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT
from support.programs import HEAVY, loaded_after, run_command

import rag
from rag.core.config import Settings


def test_importing_the_package_loads_no_other_package() -> None:
    before = loaded_after("")
    outside = loaded_after("import rag") - before - set(sys.stdlib_module_names)
    assert outside == {"rag"}


@pytest.mark.parametrize(
    "arguments",
    [["query", "Who should not take magnesium?"], ["status"], ["verify", "-q"], ["sources"], ["show", "ketamine.md"]],
)
def test_asking_needs_neither_torch_nor_streamlit(arguments: list[str], starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    loaded = loaded_after(run_command(*arguments, *folders))
    never = HEAVY if arguments[0] in ("query", "status") else HEAVY[:4]
    assert not loaded & set(never)


def test_looking_at_an_index_opens_neither_its_model_nor_its_vectors(starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    assert not loaded_after(run_command("status", *folders)) & {"numpy", "onnxruntime", "tokenizers", "faiss"}


def test_holding_a_conversation_needs_neither_torch_nor_streamlit(starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    lines = "Who should not take magnesium?\nAnd ketamine?\n/sources\n/open 1\n"
    typed = f"import io\nsys.stdin = io.TextIOWrapper(io.BytesIO({lines.encode()!r}))\n"
    assert not loaded_after(typed + run_command("chat", *folders)) & set(HEAVY)


@pytest.mark.parametrize(("question", "loads"), [("Who should not take magnesium?", False), ("Is magnisium ok?", True)])
def test_words_are_compared_only_where_one_is_missing(question: str, loads: bool, starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    assert ("rapidfuzz" in loaded_after(run_command("query", question, *folders))) == loads


@pytest.mark.parametrize("arguments", [["query", "Who should not take magnesium?"], ["build", "-q"], ["check"]])
def test_nothing_touches_the_network(arguments: list[str], starter_settings: Settings, own: Settings) -> None:
    """Any look-up or connection ends the process; `check` and `build` read a corpus of their own."""
    (own.corpus / "a.txt").write_text("Salt calms the heart, says https://example.org/salt.")
    settings = starter_settings if arguments[0] == "query" else own
    folders = ["--corpus", str(settings.corpus)] + (["--index", str(settings.index)] if arguments[0] != "check" else [])
    watch = (
        "import os, sys\n"
        "def hook(event, _):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.sendto'):\n"
        "        os._exit(99)\n"
        "sys.addaudithook(hook)\n"
    )
    assert loaded_after(watch + run_command(*arguments, *folders))


def test_asking_leaves_nothing_in_the_home_folder(starter_settings: Settings, tmp_path: Path) -> None:
    """A library that reports to its maker keeps a number of the machine there."""
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | places
    arguments = [sys.executable, "-m", "rag", "query", "Who should not take magnesium?", *folders]
    subprocess.run(arguments, capture_output=True, check=True, env=environment)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["query", "Who should not take magnesium?"], ["build", "-q"]])
def test_neither_asking_nor_building_loads_evaluation(arguments: list[str], starter_settings: Settings) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index)]
    check = "import sys\nassert not [name for name in sys.modules if name.startswith('rag.evaluation')]\n"
    assert loaded_after(run_command(*arguments, *folders) + check)


@pytest.mark.parametrize(("markup", "loads"), [("<p>Salt.</p>", False), ("<html><body><p>Salt.</body></html>", True)])
def test_only_whole_web_pages_load_what_tells_their_article(markup: str, loads: bool) -> None:
    program = f"from rag.readers.html.html_reader import read_html, SourceText\nread_html(SourceText({markup!r}))"
    assert ("trafilatura" in loaded_after(program)) == loads


def test_building_with_the_encoder_at_hand_needs_no_torch(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart.")
    loaded = loaded_after(run_command("build", "-q", "--corpus", str(own.corpus), "--index", str(own.index)))
    assert not loaded & {"torch", "sentence_transformers", "streamlit"}


def test_the_readme_names_what_is_exported() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in rag.__all__ if name != "__version__")


def test_what_is_exported_is_there_and_documented() -> None:
    for name in rag.__all__:
        value = getattr(rag, name)
        assert name == "__version__" or (value.__doc__ or "").strip(), name
    assert set(dir(rag)) == set(rag.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rag.nothing
