"""Load the modules of `training/`, which are no package."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType

from support.paths import ROOT


@cache
def training_script(name: str) -> ModuleType:
    """Return a module of `training/`, with what lies beside it to import."""
    folder = ROOT / "training"
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module(name)
