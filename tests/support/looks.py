"""Choose the widths and colour schemes that a view is looked at in.

`make test` looks at the wide page by light and at the narrow one in the dark, so that each width and each scheme is
seen; `make test-full` looks at all four.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

NARROW = 360
"""The width of a small phone, in CSS pixels."""


def each_look(wide: int = 1440) -> pytest.MarkDecorator:
    """Return the mark that gives a test `width` and `scheme`, the wide page `wide` CSS pixels wide."""
    looks = [(wide, "light"), (NARROW, "dark")]
    if settings.get_current_profile_name() == "full":
        looks += [(wide, "dark"), (NARROW, "light")]
    return pytest.mark.parametrize(("width", "scheme"), looks)
