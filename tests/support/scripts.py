"""Load the scripts of `benchmarks/` and `training/`, which are no packages."""

from __future__ import annotations

import importlib
import sys
from functools import cache, partial
from types import ModuleType

from support.paths import ROOT


@cache
def script(folder: str, name: str) -> ModuleType:
    """Return a script of a folder as a module, with what lies beside it to import."""
    path = str(ROOT / folder)
    if path not in sys.path:
        sys.path.append(path)
    return importlib.import_module(name)


benchmark_script = partial(script, "benchmarks")
training_script = partial(script, "training")
