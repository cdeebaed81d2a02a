"""Everything that should break it: kills, failing disks, damaged files, many at once, a hundred thousand questions.

    python benchmarks/endurance.py [--share 1.0] [--only killed damaged …] [--seed 1]

Writes the section "Hard to break" of RESULTS.md: for each line the number tried and the number lost, and what was lost.
What each campaign found is kept in `benchmarks/out`, so that with `--only` a busy machine runs one at a time. `--share`
shortens campaigns alike. As root on Linux a small disk is mounted and filled; elsewhere that is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import endurance_concurrency as concurrency
import endurance_crash as crash
from endurance_corruption import corrupt
from endurance_parts import Line, linked_copy
from endurance_soak import Tenth, soak
from results import machine, write_section

from rag.building.build import build
from rag.core.config import Settings

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "benchmarks" / "out" / "endurance.json"


def main() -> None:
    """Run the campaigns and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only", nargs="+", choices=[*_CAMPAIGNS, "soak"], default=[*_CAMPAIGNS, "soak"])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starter = Settings(corpus=ROOT / "corpus", index=folder / "starter")
        build(starter)  # exports the encoder, which the others take over
        for campaign in given.only:
            began = time.monotonic()
            own = folder / campaign
            if campaign not in ("first", "soak"):
                linked_copy(starter.index / "encoders", own / "index" / "encoders")
            if campaign == "soak":
                found = [asdict(tenth) for tenth in soak(starter.index, starter.corpus, int(100_000 * given.share))]
            else:
                found = [line.record() for line in _CAMPAIGNS[campaign](own, given.share, given.seed)]
            print(f"{campaign}: {time.monotonic() - began:.0f} s", flush=True)
            shutil.rmtree(own, ignore_errors=True)
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps({**kept_before(), campaign: found}), encoding="utf-8")
    kept = kept_before()
    lines = [Line(**{**line, "seen": Counter(line["seen"])}) for name in _CAMPAIGNS for line in kept.get(name, ())]
    write_section("Hard to break", report(lines, [Tenth(**tenth) for tenth in kept.get("soak", ())]))


def kept_before() -> dict[str, Any]:
    """Return what each campaign found when it was last run."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def report(lines: Sequence[Line], tenths: Sequence[Tenth]) -> str:
    """Return the section."""
    rows = ["| what | tried | lost | of it |", "|---|---|---|---|", *(line.row() for line in lines)]
    rows += [f"- {line.what}: {lost}" for line in lines for lost in line.lost[:10]]
    asked = sum(tenth.questions for tenth in tenths)
    rows += (
        []
        if not tenths
        else [
            f"\n{asked} different questions to one process on the starter corpus, by tenths:\n",
            "| | " + " | ".join(str(number) for number in range(1, 11)) + " |",
            "|---" * 11 + "|",
            "| memory MB | " + " | ".join(f"{tenth.megabytes:.0f}" for tenth in tenths) + " |",
            "| median ms | " + " | ".join(f"{tenth.median:.1f}" for tenth in tenths) + " |",
            "| slowest ms | " + " | ".join(f"{tenth.slowest:.0f}" for tenth in tenths) + " |",
        ]
    )
    return "\n".join([*rows, f"\n{machine()}"])


def _share(whole: int, share: float) -> int:
    return max(2, round(whole * share))


_CAMPAIGNS: dict[str, Callable[[Path, float, int], list[Line]]] = {
    "killed": lambda folder, share, seed: [crash.killed(folder, _share(300, share), seed)],
    "first": lambda folder, share, _: [crash.killed_at_first(folder, _share(6, share))],
    "refused": lambda folder, share, _: [crash.refused(folder, share)],
    "full": lambda folder, share, seed: [crash.full(folder, _share(40, share), seed)],
    "exact": lambda folder, share, seed: [corrupt(folder, _share(250, share), seed, quantised=False)],
    "quantised": lambda folder, share, seed: [corrupt(folder, _share(250, share), seed + 1, quantised=True)],
    "inside": lambda folder, share, seed: [
        corrupt(folder / name, _share(100, share), seed + 2, quantised=name == "quantised", inside=True)
        for name in ("exact", "quantised")
    ],
    "readers": lambda folder, share, _: concurrency.readers(folder, _share(20, share)),
    "builders": lambda folder, share, _: [concurrency.builders(folder, _share(5, share))],
    "removed": lambda folder, share, _: [concurrency.removed(folder, _share(20, share))],
}

if __name__ == "__main__":
    main()
