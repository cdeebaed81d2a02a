"""Compare ISO 8601 dates that may be a year, a month or a day, by the days that they cover."""

from __future__ import annotations

import calendar
import datetime
import re

from rag.core.errors import UsageError
from rag.core.types.answers import Filters

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def today() -> datetime.date:
    """Return the day that it is, in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def days(date: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a year, a month or a day. Raises `ValueError` for anything else."""
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(f"{date!r} is not a date")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    first = datetime.date(year, month or 1, day or 1)
    last_month = month or 12
    return first, datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])


def check_dates(filters: Filters) -> None:
    """Raise `UsageError` for a date that is not a year, a month or a day."""
    for name, date in (("since", filters.since), ("until", filters.until)):
        if date is not None:
            try:
                days(date)
            except ValueError:
                raise UsageError(
                    f"The date {date!r} is not a year, a month or a day.", f"Write it like --{name} 2024-05-31."
                ) from None
