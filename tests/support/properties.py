"""Choose how many examples a property is tried on: a fifth of the declared in `make test`, all in `make test-full`.

The profile is hypothesis's own, `--hypothesis-profile=full` of pytest's command line; without it, it is `fast`.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings

SHARES = {"fast": 0.2, "full": 1.0}
"""Which share of the declared examples a profile tries."""

FEWEST = 4
"""How many examples are tried where a share of few would be hardly any."""

_UNDECLARED = 100
"""How many examples a test tries that declares no number: hypothesis's own default."""


def register_profiles() -> None:
    """Register both profiles with hypothesis and load the fast one."""
    for name, share in SHARES.items():
        settings.register_profile(
            name, max_examples=round(_UNDECLARED * share), derandomize=True, deadline=None, database=None
        )
    settings.load_profile("fast")


def scaled(count: int) -> int:
    """Return how many of `count` examples the profile tries."""
    share = SHARES.get(settings.get_current_profile_name(), 1.0)
    return min(count, max(FEWEST, round(count * share)))


def examples(count: int, **others: Any) -> settings:
    """Return the settings of a test that declares `count` examples, scaled to the profile, with `others`."""
    return settings(
        max_examples=scaled(count),
        derandomize=True,
        deadline=None,
        database=None,
        **others,
    )
