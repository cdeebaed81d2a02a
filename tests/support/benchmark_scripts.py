"""Load the scripts of `benchmarks/`, which are no package."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType

from support.paths import ROOT


@cache
def benchmark_script(name: str) -> ModuleType:
    """Return a script of `benchmarks/` as a module, with what lies beside it to import."""
    folder = ROOT / "benchmarks"
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module(name)
