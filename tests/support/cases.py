"""Try a check on every case of a table in one test, and name every case that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest


def check_each(cases: Sequence[tuple[object, ...]], check: Callable[..., None]) -> None:
    """Call `check` with every case, and fail with a line for each case that fails; no case at all is a failure."""
    failures = []
    for case in cases:
        try:
            check(*case)
        except Exception as error:  # noqa: BLE001 - whatever it is, the cases after it are tried
            failures.append(f"{case!r}: {type(error).__name__}: {error}")
    if failures or not cases:
        pytest.fail(f"{len(failures)} of {len(cases)} cases fail:\n" + "\n".join(failures), pytrace=False)
