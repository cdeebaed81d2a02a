"""Coverage-guided fuzzing of every reader, with files changed as their formats are built.

    python benchmarks/fuzz.py [--seconds 60] [--only NAME] [--keep DIR]

`--seconds` is for each reader. It needs atheris (`pip install 'rag[fuzz]'`), whose absence it says. What counts as
found is what `tests/fuzzing` calls unsound: anything but a sound document or a refusal with its reason, in time. Each
finding is kept as a file and named; a PDF is read in a process of its own, so that of PDFium no coverage is seen.
Exits with 1 when anything is found.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from results import machine, write_section

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

_LARGEST = 100_000  # bytes
_SPARE = 60  # seconds that a process may take to start and to end


def main() -> None:
    """Fuzz all readers one after the other, each in processes of its own, and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--only", help="one reader")
    parser.add_argument("--keep", type=Path, default=ROOT / "fuzz-findings", help="where findings are put")
    parser.add_argument("--process", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    try:
        import atheris  # noqa: F401 - only whether it is there
    except ImportError:
        print("atheris is not installed, and nothing was fuzzed. Type: pip install 'rag[fuzz]'", file=sys.stderr)
        sys.exit(2)
    if asked.process:
        fuzz(*asked.process)
        return
    from fuzzing.targets import TARGETS

    if asked.only and asked.only not in TARGETS:
        parser.error(f"There are: {', '.join(TARGETS)}.")
    rows, found = [], 0
    for name in [asked.only] if asked.only else TARGETS:
        tries, findings = campaign(name, asked.seconds, asked.keep)
        found += len(findings)
        rows.append(f"| {name} | {tries:,} | {len(findings)} |")
        print(rows[-1], *findings, sep="\n  ", flush=True)
    head = ["| reader | files tried | findings |", "|---|---|---|"]
    write_section("Fuzzing", "\n".join([*head, *rows, f"\n{asked.seconds} s for each. {machine()}"]))
    sys.exit(1 if found else 0)


def campaign(name: str, seconds: int, keep: Path) -> tuple[int, list[str]]:
    """Fuzz a reader for so long, anew after each finding; return how many files were tried, and what was found."""
    tries, findings = 0, []
    end = time.monotonic() + seconds
    keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        while (left := int(end - time.monotonic())) > 0 and len(findings) < 20:
            command = [sys.executable, __file__, "--process", name, str(left), folder]
            try:
                process = subprocess.run(command, capture_output=True, timeout=left + _SPARE, cwd=ROOT)
            except subprocess.TimeoutExpired:
                findings.append("It did not end.")
                break
            log = (process.stdout + process.stderr).decode("utf-8", "replace")
            tries += max(map(int, re.findall(r"^#(\d+)", log, re.MULTILINE)), default=0)
            if process.returncode == 0:
                break
            said = re.findall(r"^ *(?:AssertionError|ERROR|SUMMARY): .*$", log, re.MULTILINE) or [log[-500:]]
            for file in Path(folder).glob("finding-*"):
                file.rename(keep / f"{name.replace(' ', '-')}-{file.name}")
            findings.append(said[0].strip())
    return tries, findings


def fuzz(name: str, seconds: str, folder: str) -> None:
    """Fuzz a reader in this process until it has a finding, or the time is over."""
    import atheris

    with atheris.instrument_imports(include=["rag", "markdown_it", "mdit_py_plugins"], enable_loader_override=False):
        from fuzzing.targets import TARGETS

    target = TARGETS[name]
    seeds = Path(folder, "seeds")
    seeds.mkdir(exist_ok=True)
    for number, data in enumerate(target.seeds()):
        Path(seeds, str(number)).write_bytes(data)

    def try_one(data: bytes) -> None:
        found = target.attempt(data)
        assert not found, found

    def change(data: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        for _ in range(chance.choice((1, 1, 2, 4, 8))):
            data = target.mutate(data, chance)
        return data[:most]

    arguments = [
        f"-max_total_time={seconds}",
        f"-max_len={_LARGEST}",
        "-timeout=60",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/finding-",
        str(seeds),
    ]
    atheris.Setup([sys.argv[0], *arguments], try_one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
