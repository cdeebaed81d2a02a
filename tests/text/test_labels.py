"""Labels on passages that people judged."""

from __future__ import annotations

from pathlib import Path

from support.scripts import benchmark_script

JUDGED_ENOUGH = 50
"""From how many judged cues of a kind on a share is held against the target."""


def test_cues_on_passages_that_were_read_are_as_right_as_they_were(shared_data: Path) -> None:
    benchmark = benchmark_script("evidence_cues")
    verdicts = benchmark.judge(benchmark.read_texts(shared_data / "data"))
    judged = {kind for kind in verdicts.right if verdicts.right[kind] + verdicts.wrong[kind] >= JUDGED_ENOUGH}
    assert judged >= {"design", "subjects", "hedge", "effect", "no_effect", "dose"}
    for kind in judged:
        assert verdicts.precision(kind) >= 0.95, kind


def test_dose_figures_that_were_marked_are_found(shared_data: Path) -> None:
    benchmark = benchmark_script("evidence_cues")
    doses = benchmark.mark(benchmark.read_texts(shared_data / "data"))
    assert doses.marked >= 200
    assert doses.recall >= 0.97
    assert doses.precision >= 0.95
