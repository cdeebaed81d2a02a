"""Run a program and learn what it imported."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("torch", "sentence_transformers", "transformers", "streamlit")
HEAVY += ("langchain_text_splitters", "lxml", "syntok", "trafilatura")


def loaded_after(program: str) -> set[str]:
    report = "print('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    code = f"import json, sys\n{program}\n{report}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def run_command(*arguments: str) -> str:
    return (
        "from rag.cli.main import command\n"
        f"try:\n    command({list(arguments)!r})\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
    )
