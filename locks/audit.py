"""Looks up known vulnerabilities of all that is locked, with pip-audit, and fails if one is found.

    make audit

It asks the registry. Where that has no such data, or there is no network, it says so in a line and does not fail: what
is not known is no finding, and a machine without the data has to pass its tests all the same.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).resolve().parent


def main() -> None:
    """Audit, say how much was looked up, and fail with what was found."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as versions:
        for lock in sorted(LOCKS.glob("*.txt")):  # without the hashes, because pip-audit takes them for all or for none
            versions.writelines(f"{line}\n" for line in locked_versions(lock.read_text(encoding="utf-8")))
        versions.flush()
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json"]
        run = subprocess.run(
            [*command, "--progress-spinner", "off", "--requirement", versions.name],
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        report = json.loads(run.stdout)
    except ValueError:
        reason = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
        if not re.match(r"requests\.exceptions\.|ERROR:pip_audit\S* .*\b[Cc]onnect", reason):
            raise SystemExit(run.stderr) from None  # it is the audit itself that fails
        print(f"Vulnerabilities: not looked up ({reason.partition(': ')[0]})")
        return
    print(summary(report))
    raise SystemExit("\n".join(findings(report)) or None)


def locked_versions(lock: str) -> list[str]:
    """Return the requirements of a lock without their hashes."""
    return re.findall(r"^([a-z0-9-]+==[^\\\n]*[^\\\s])", lock, re.MULTILINE)


def summary(report: dict[str, Any]) -> str:
    """Say for how many packages there was data."""
    packages = report["dependencies"]
    known = sum("vulns" in package for package in packages)
    if not known:
        return f"Vulnerabilities: not looked up (the registry here has no data on any of {len(packages)} packages)"
    return f"Vulnerabilities: {known} of {len(packages)} packages looked up"


def findings(report: dict[str, Any]) -> list[str]:
    """Name each vulnerability that is known, and the versions that mend it."""
    return [
        f"{package['name']} {package['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none'}"
        for package in report["dependencies"]
        for found in package.get("vulns", ())
    ]


if __name__ == "__main__":
    main()
