"""What is installed is locked by hash, under licences that are allowed; known vulnerabilities are named."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from support.paths import ROOT

LOCKS = ROOT / "locks"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def script(name: str) -> ModuleType:
    """Return a script of `locks/` as a module."""
    specification = importlib.util.spec_from_file_location(f"locks_{name}", LOCKS / f"{name}.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def versions(*files: str) -> dict[str, Version]:
    """Return what the locks install on this machine: name → version."""
    lines = [line for file in files for line in script("audit").locked_versions((LOCKS / file).read_text("utf-8"))]
    found: dict[str, Version] = {}
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.name not in found, "a package is locked twice for the same machine"
            found[requirement.name] = Version(str(requirement.specifier).removeprefix("=="))
    return found


def test_all_that_the_project_asks_for_is_locked_at_a_version_that_it_takes() -> None:
    extras = dict(PROJECT["project"]["optional-dependencies"])
    extras.pop("fuzz", None)  # neither command of the README installs it
    asked = {
        ("ask.txt", "torch.txt"): PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"],
        ("ask.txt", "test.txt"): [line for extra in extras.values() for line in extra if not line.startswith("rag[")],
        ("tools.txt",): PROJECT["dependency-groups"]["supply"],
    }
    for files, requirements in asked.items():
        locked = versions(*files)
        for requirement in map(Requirement, requirements):
            assert locked[canonicalize_name(requirement.name)] in requirement.specifier, "type: make lock"


@pytest.mark.parametrize("file", ["ask.txt", "test.txt", "tools.txt"])
def test_every_locked_package_has_one_version_and_hashes(file: str) -> None:
    text = (LOCKS / file).read_text(encoding="utf-8")
    package = r"[a-z0-9-]+==\S+( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(rf"# .*\n({package})+", text)


def test_only_torch_and_what_it_brings_has_no_hash() -> None:
    names = versions("torch.txt").keys()
    assert "torch" in names
    assert all(re.match(r"torch$|triton$|cuda-|nvidia-", name) for name in names)


def test_locks_name_no_address() -> None:
    for file in LOCKS.glob("*.t*"):
        assert "://" not in file.read_text(encoding="utf-8")


def test_every_licence_is_listed_and_allowed() -> None:
    assert script("licences").problems() == []


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", True),
        ("AGPL-3.0-only", False),
        ("unknown", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-only OR MPL-1.1", True),
        ("MPL-2.0 AND (GPL-2.0-only OR MIT)", True),
        ("(MIT OR Apache-2.0) AND AGPL-3.0-or-later", False),
        ("Apache-2.0 WITH LLVM-exception", True),
    ],
)
def test_an_expression_is_allowed_if_its_terms_are(expression: str, verdict: bool) -> None:
    assert script("licences").allowed(expression) is verdict


def test_a_vulnerability_is_a_finding_and_a_package_without_data_is_none() -> None:
    audit = script("audit")
    skipped = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (2)"}
    sound = {"name": "c", "version": "3", "vulns": []}
    found = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1", "2"], "aliases": []}]}
    assert audit.findings({"dependencies": [skipped, sound]}) == []
    assert audit.summary({"dependencies": [skipped, sound]}).endswith("1 of 2 packages looked up")
    assert "no data" in audit.summary({"dependencies": [skipped]})
    assert audit.findings({"dependencies": [found, sound]}) == ["a 1: CVE-1, mended in 1.1, 2"]
