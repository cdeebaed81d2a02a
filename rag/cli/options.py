"""Define the options that several commands share, and turn them into settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from rag.core.catalogue_fields import FIELDS
from rag.core.config import load_settings
from rag.core.types.answers import Filters

_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "corpus": click.option("--corpus", metavar="DIR", help="The corpus folder (default: corpus)."),
    "index": click.option("--index", metavar="DIR", help="The index folder (default: index)."),
    "model": click.option("--model", metavar="NAME", help="A sentence-transformers model: a name or a folder."),
    "precision": click.option(
        "--precision",
        metavar="NAME",
        help="float32 (the default), or auto: bfloat16 for many passages where the processor is faster in it, at the "
        "price of their vectors' last bits.",
    ),
    "may_refuse": click.option(
        "--may-refuse",
        metavar="SHARE",
        help="Which share of the questions that have an answer may be refused, such as 0.05; lower means "
        "fewer refusals and more wrong answers (default: the balance of both).",
    ),
    "country": click.option(
        "--country", metavar="CODE", help='Whose numbers the safety notices name, such as "US", "GB" or "EU".'
    ),
    "records": click.option(
        "--records", metavar="DIR", help="The folder of kept questions (default: records in the index folder)."
    ),
    "json": click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress and no remarks."),
    "color": click.option("--no-color", is_flag=True, help="No colour (NO_COLOR does the same)."),
    "refresh": click.option("--no-refresh", is_flag=True, help="Use the index as it is, even if the corpus changed."),
}

_SETTINGS = ("corpus", "index", "model", "quotes", "may_refuse", "country", "records", "precision")

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
            settings = load_settings(**{name: values.pop(name, None) for name in _SETTINGS})
            if settings.country is not None:
                from rag.safety.texts import check_country  # most commands run without one

                check_country(settings.country)
            return function(settings=settings, **values)

        for name in reversed(names):
            run = _OPTIONS[name](run)
        return run

    return decorate
