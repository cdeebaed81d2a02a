"""Everything that should break it: kills, failing disks, damaged files, many at once, a hundred thousand questions.

    python benchmarks/endurance.py [--share 1.0] [--only killed damaged …] [--seed 1]

Writes the section "Hard to break" of RESULTS.md: for each line the number tried and the number lost, and what was lost.
`--share` shortens every campaign alike. As root on Linux a small disk is mounted and filled, elsewhere not.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import endurance_concurrency as concurrency
import endurance_crash as crash
from endurance_corruption import corrupt
from endurance_parts import Line, linked_copy
from endurance_soak import Tenth, soak
from results import machine, write_section

from rag.build import build
from rag.config import Settings

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run the campaigns and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only", nargs="+", choices=_CAMPAIGNS, default=list(_CAMPAIGNS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starter = Settings(corpus=ROOT / "corpus", index=folder / "starter")
        build(starter)  # exports the encoder, which the others take over
        for campaign in given.only:
            own = folder / campaign
            if campaign != "first":
                linked_copy(starter.index / "encoders", own / "index" / "encoders")
            began = time.monotonic()
            found = _CAMPAIGNS[campaign](own, given.share, given.seed)
            print(f"{campaign}: {time.monotonic() - began:.0f} s", flush=True)
            lines += found
            shutil.rmtree(own, ignore_errors=True)
        tenths = soak(starter.index, starter.corpus, max(100, int(100_000 * given.share)))
    write_section("Hard to break", report(lines, tenths))


def report(lines: Sequence[Line], tenths: Sequence[Tenth]) -> str:
    """Return the section."""
    rows = ["| what | tried | lost | of it |", "|---|---|---|---|", *(line.row() for line in lines)]
    rows += [f"- {line.what}: {lost}" for line in lines for lost in line.lost[:10]]
    asked = sum(tenth.questions for tenth in tenths)
    rows += [
        f"\n{asked} different questions to one process on the starter corpus, by tenths:\n",
        "| | " + " | ".join(str(number) for number in range(1, 11)) + " |",
        "|---" * 11 + "|",
        "| memory MB | " + " | ".join(f"{tenth.megabytes:.0f}" for tenth in tenths) + " |",
        "| median ms | " + " | ".join(f"{tenth.median:.1f}" for tenth in tenths) + " |",
        "| slowest ms | " + " | ".join(f"{tenth.slowest:.0f}" for tenth in tenths) + " |",
        f"\n{machine()}",
    ]
    return "\n".join(rows)


def _share(whole: int, share: float) -> int:
    return max(2, round(whole * share))


_CAMPAIGNS: dict[str, Callable[[Path, float, int], list[Line]]] = {
    "killed": lambda folder, share, seed: [crash.killed(folder, _share(300, share), seed)],
    "first": lambda folder, share, _: [crash.killed_at_first(folder, _share(6, share))],
    "refused": lambda folder, _, __: [crash.refused(folder)],
    "full": lambda folder, share, seed: [crash.full(folder, _share(40, share), seed)],
    "exact": lambda folder, share, seed: [corrupt(folder, _share(250, share), seed, quantised=False)],
    "quantised": lambda folder, share, seed: [corrupt(folder, _share(250, share), seed + 1, quantised=True)],
    "readers": lambda folder, share, _: concurrency.readers(folder, _share(20, share)),
    "builders": lambda folder, share, _: [concurrency.builders(folder, _share(5, share))],
    "removed": lambda folder, share, _: [concurrency.removed(folder, _share(20, share))],
}

if __name__ == "__main__":
    main()
