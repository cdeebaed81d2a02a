"""Writes the locks: exact versions and hashes of all that `make ask` and `make test` install, and of the tools.

    make lock                        keeps the versions that are locked and adds what pyproject.toml asks anew
    make lock UPGRADE=--upgrade      takes the newest versions that pyproject.toml allows

`ask.txt`, and `test.txt` beyond it, hold every package by exact version and by the SHA-256 of each of its files, for
Python 3.11 to 3.13 and all platforms at once; markers tell which line is for whom. They are requirements files because
every pip reads those: a `pylock.toml` needs a newer pip than Python 3.11 brings and names the registry's addresses, and
`pip lock` and pip-compile write what fits the one machine they run on.

`torch.txt` holds torch and what only torch brings by exact version, without hashes. One version of torch has several
builds, and which of them pip finds is set up on the machine: here one for the processor alone, there, as on Linux by
default, one that brings CUDA's libraries. A hash would refuse the others. So these are constraints: they install
nothing that the build of torch does not ask for.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

LOCKS = Path(__file__).resolve().parent
PROJECT = LOCKS.parent / "pyproject.toml"
TORCH = re.compile(r"(torch|triton|cuda-[a-z-]+|nvidia-[a-z0-9-]+)==")
OLDEST_PYTHON = "3.11"


def main() -> None:
    """Write the four files."""
    upgrade = sys.argv[1:]
    locked = {name: _read(name) for name in ("ask.txt", "test.txt", "torch.txt", "tools.txt")}
    known = "".join(locked[name] for name in ("ask.txt", "test.txt", "torch.txt"))
    with tempfile.TemporaryDirectory() as folder:
        backend = Path(folder, "backend.in")  # what builds this package is installed before it, by hash like the rest
        backend.write_text("\n".join(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["build-system"]["requires"]))
        everything = _blocks(_compile(known, [str(PROJECT), str(backend), "--extra", "test", *upgrade]))
        to_ask = _names(_compile("".join(everything), [str(PROJECT), str(backend)]))
    tools = _compile(locked["tools.txt"], ["--group", f"{PROJECT}:supply", *upgrade])
    ours = [block for block in everything if not TORCH.match(block)]
    _write("ask.txt", "What `make ask` installs.", [block for block in ours if _names(block) <= to_ask])
    _write("test.txt", "What `make test` installs beyond ask.txt.", [b for b in ours if not _names(b) <= to_ask])
    versions = [block.split(" \\\n")[0] + "\n" for block in everything if TORCH.match(block)]
    _write("torch.txt", "Constraints of torch and of what its builds bring: no hashes, see lock.py.", versions)
    _write("tools.txt", "What `make lock` and `make audit` install.", _blocks(tools))


def _compile(known: str, arguments: list[str]) -> str:
    """Resolve for all platforms; a version in `known` is kept where it still fits."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "lock.txt")
        output.write_text(known, encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--python-version", OLDEST_PYTHON, "--no-header", "--no-annotate", "--output-file", str(output)]
        subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL)
        return output.read_text(encoding="utf-8")


def _blocks(text: str) -> list[str]:
    """Cut a lock into one text a package: its line, and the lines of its hashes."""
    return re.findall(r"^[a-z0-9].*\n(?:    .*\n)*", text, re.MULTILINE)


def _names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


def _read(name: str) -> str:
    file = LOCKS / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _write(name: str, what: str, blocks: list[str]) -> None:
    text = f"# {what} Written by `make lock`.\n" + "".join(blocks)
    if text != _read(name):  # a lock that is touched is installed again
        (LOCKS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
