"""Define the options that several commands share, and turn them into settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from rag.core.catalogue_fields import FIELDS
from rag.core.config import SETTINGS, load_settings
from rag.core.types.answers import Filters

_OPTIONS: dict[str, Callable[[Any], Any]] = {
    **{
        each.name: click.option(each.flag, metavar=each.metavar, help=each.help)
        for each in SETTINGS
        if each.flag and each.name != "quotes"  # which are a number to click: `-k` is the own option of two commands
    },
    "json": click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress and no remarks."),
    "color": click.option("--no-color", is_flag=True, help="No colour (NO_COLOR does the same)."),
    "refresh": click.option("--no-refresh", is_flag=True, help="Use the index as it is, even if the corpus changed."),
}

_FILTERS: dict[str, Callable[[Any], Any]] = {
    "documents": click.option(
        "--document", "documents", multiple=True, metavar="ID", help="Search only this document (repeatable)."
    ),
    "kinds": click.option(
        "--kind", "kinds", multiple=True, help='Search only documents of this kind, such as "leaflet" (repeatable).'
    ),
    "licences": click.option(
        "--licence", "licences", multiple=True, help="Search only documents under this licence (repeatable)."
    ),
    "languages": click.option(
        "--language",
        "languages",
        multiple=True,
        metavar="TAG",
        help='Search only documents in this language: "en" takes "en-GB" in (repeatable).',
    ),
    "since": click.option(
        "--since", metavar="DATE", help="Search only documents of this date or later, such as 2024 or 2024-05."
    ),
    "until": click.option("--until", metavar="DATE", help="Search only documents of this date or earlier."),
    "include_retracted": click.option("--include-retracted", is_flag=True, help="Search retracted documents as well."),
    "include_superseded": click.option(
        "--include-superseded", is_flag=True, help="Search documents as well that others have superseded."
    ),
}


def filtering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that narrow a search, and hand them on as `filters`."""

    @wraps(function)
    def run(**values: Any) -> Any:
        from rag.core.dates import check_dates

        filters = Filters(**{name: values.pop(name) for name in _FILTERS})
        check_dates(filters)  # before an index is built to ask
        return function(filters=filters, **values)

    for option in reversed(_FILTERS.values()):
        run = option(run)
    return run


def describing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each catalogue field that has one, and hand their values on as `known`."""
    described = [field for field in FIELDS if field.help]

    @wraps(function)
    def run(**values: Any) -> Any:
        lists = {field.name: list(values.pop(field.name)) for field in described if field.is_list}
        named = [name for name in values if any(field.name == name for field in described)]  # in the order as typed
        return function(known={**{name: values.pop(name) for name in named}, **lists}, **values)

    for field in reversed(described):
        names = [f"--{field.name.replace('_', '-')}", *filter(None, [field.also_option])]
        run = click.option(*names, multiple=field.is_list, metavar=field.metavar, help=field.help)(run)
    return run


def common(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command some of the options that several have, and hand the settings on as one object."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(**values: Any) -> Any:
            settings = load_settings(**{each.name: values.pop(each.name, None) for each in SETTINGS if each.flag})
            if settings.country is not None:
                from rag.safety.texts import check_country  # most commands run without one

                check_country(settings.country)
            return function(settings=settings, **values)

        for name in reversed(names):
            run = _OPTIONS[name](run)
        return run

    return decorate
