"""The licences of all that is locked: listed in `licences.tsv`, which says what the installed packages say.

    python locks/licences.py     writes the list anew from what is installed, and names what may not stand in it

A package states its licence as an SPDX expression, or in words, or by a classifier, in this order. What says none of
these plainly was read by a person from its licence file (`READ`). A package that is locked for other machines only
keeps the line that stands in the list.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCKS = Path(__file__).resolve().parent
LIST = LOCKS / "licences.tsv"
UNKNOWN = "unknown"

# Permissive ones, and the MPL, whose terms hold for its own files, which are used as they come. Nothing that reaches
# over to what is linked to it (GPL) or serves it over a network (AGPL), and nothing unknown.
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python ISC MIT MIT-CMU MPL-1.1 MPL-2.0 PSF-2.0 Zlib"
    " LLVM-exception".split()
)
EXCEPTIONS = {
    "LicenseRef-NVIDIA": "CUDA's libraries: only where torch's own build brings them, and nothing here passes them on",
}
READ = {
    "altair": "BSD-3-Clause",
    "axe-playwright-python": "MIT AND MPL-2.0",  # MPL-2.0: axe-core, which it contains
    "colorama": "BSD-3-Clause",
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "mpmath": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # and permissive ones of what PDFium contains, listed in its package
    "scipy": "BSD-3-Clause",
    "sympy": "BSD-3-Clause",
    "triton": "MIT",
}
WORDS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "isc license": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "the bsd 2-clause license": "BSD-2-Clause",
}
_EXPRESSION = re.compile(r"[A-Za-z0-9.-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.-]+)*")


def locked() -> set[str]:
    """Return the names of all packages that `make ask` and `make test` may install, on any machine."""
    texts = [(LOCKS / name).read_text(encoding="utf-8") for name in ("ask.txt", "test.txt", "torch.txt")]
    return set(re.findall(r"^([a-z0-9-]+)==", "".join(texts), re.MULTILINE))


def installed(name: str) -> Distribution | None:
    """Return a package if it is installed here."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(name: str, otherwise: str = UNKNOWN) -> str:
    """Return a package's licence as an SPDX expression; `otherwise` where it is not here and nobody has read it."""
    if name.startswith("nvidia-") or name == "cuda-toolkit":
        return "LicenseRef-NVIDIA"  # what they say in their metadata is not what their licence files say
    package = installed(name)
    expression = package.metadata.get("License-Expression") if package else None
    if expression:
        return str(expression)
    if name in READ:
        return READ[name]
    if package is None:
        return otherwise
    words = (package.metadata.get("License") or "").strip().partition("\n")[0]
    if words.lower() in WORDS:
        return WORDS[words.lower()]
    if words != "BSD" and _EXPRESSION.fullmatch(words):
        return words
    classifiers = package.metadata.get_all("Classifier") or []
    named = {
        WORDS.get(line.rpartition(" :: ")[2].lower(), UNKNOWN) for line in classifiers if line.startswith("License")
    }
    return named.pop() if len(named) == 1 else UNKNOWN


def allowed(expression: str) -> bool:
    """Say whether an expression permits use on terms that are allowed: one side of each OR, both of each AND."""
    inner = re.search(r"\(([^()]*)\)", expression)
    if inner:
        verdict = "MIT" if allowed(inner[1]) else UNKNOWN
        return allowed(expression[: inner.start()] + verdict + expression[inner.end() :])
    return any(
        all(name in ALLOWED or name in EXCEPTIONS for name in re.split(r" AND | WITH ", side))
        for side in expression.strip().split(" OR ")
    )


def listed() -> dict[str, str]:
    """Return the list: name → SPDX expression."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def problems() -> list[str]:
    """Name what is locked and not listed, listed and not locked, listed otherwise than it says, or not allowed."""
    found, lines = [], listed()
    for name in sorted(locked() | lines.keys()):
        if name not in locked() or name not in lines:
            found.append(f"{name} is {'locked and not listed' if name in locked() else 'listed and not locked'}")
        elif licence(name, lines[name]) != lines[name]:
            found.append(f"{name} says {licence(name)} and is listed as {lines[name]}")
        elif not allowed(lines[name]):
            found.append(f"{name} has a licence that is not allowed: {lines[name]}")
    return found


def main() -> None:
    """Write the list, and fail if anything may not stand in it."""
    before = listed()
    lines = ["# Written by `python locks/licences.py` and kept true by tests/project/test_locks.py."]
    for name in sorted(locked()):
        lines.append(f"{name}\t{licence(name, before.get(name, UNKNOWN))}")
    LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")
    raise SystemExit("\n".join(problems()) or None)


if __name__ == "__main__":
    main()
