"""Hold the house to its plan: where tests lie, how long files get, and that no name in the package means two things."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from support.paths import ROOT

PACKAGE = ROOT / "rag"
LONGEST = 400
"""How many lines a file of the package may have."""

LONG_BY_NATURE: frozenset[str] = frozenset()
"""Files that are generated or one table, by their path in the package."""

BESIDE_THE_ROOMS = frozenset("unit processes browser project training data made fuzzing support".split())
"""The folders of tests that are named for a kind of test, or for what tests use."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def rooms() -> set[str]:
    return {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()}


def folders(of: Path) -> set[str]:
    return {each.name for each in of.iterdir() if each.is_dir() and any(each.rglob("*.py"))}


def test_tests_lie_in_a_folder_named_for_their_room() -> None:
    assert folders(ROOT / "tests") - BESIDE_THE_ROOMS <= rooms()
    assert folders(ROOT / "tests" / "unit") <= rooms()
    assert not list((ROOT / "tests").glob("test_*.py")), "a test belongs into the folder of its room"


def test_every_room_has_unit_tests_or_tests_that_build() -> None:
    tested = folders(ROOT / "tests") | folders(ROOT / "tests" / "unit")
    assert rooms() <= tested


def test_unit_tests_ask_for_no_model_and_no_index() -> None:
    """What they are given tells it: no fixture of theirs builds, and they start nothing."""
    heavy = {
        "own",
        "prebuilt",
        "seeded",
        "starter",
        "starter_settings",
        "exported_encoder",
        "page",
        "browser",
        "server",
    }
    found = []
    for file in sorted((ROOT / "tests" / "unit").rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found += [(file.name, node.name, each.arg) for each in node.args.args if each.arg in heavy]
            if isinstance(node, ast.Import):
                found += [(file.name, each.name) for each in node.names if each.name == "subprocess"]
    assert not found


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()
    }
    assert not {path: n for path, n in lengths.items() if n > LONGEST and path not in LONG_BY_NATURE}
    assert lengths.keys() >= LONG_BY_NATURE


def test_no_two_modules_have_one_name() -> None:
    by_name = defaultdict(list)
    for path in modules():
        if not path.stem.startswith("__"):
            by_name[path.stem].append(path.relative_to(ROOT).as_posix())
    assert not {name: paths for name, paths in by_name.items() if len(paths) > 1}


def test_no_two_public_classes_have_one_name() -> None:
    by_name = defaultdict(list)
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                by_name[node.name].append(path.relative_to(ROOT).as_posix())
    assert not {name: paths for name, paths in by_name.items() if len(paths) > 1}
