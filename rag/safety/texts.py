"""Read the notices' fixed texts, with the numbers of a country in them; data in `texts.toml`, `numbers.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from rag.core.errors import ConfigError

DEFAULT = "default"
"""The entry that names no number, for where no country is set."""


def text(name: str, country: str | None = None) -> str:
    """Return a text as it is shown in a country; without one it names no number and says what to do."""
    numbers = _numbers()[_entry(country)]
    return str(_texts()[name]["text"]).format(
        emergency=numbers["emergency"], crisis=numbers["crisis"], poison=numbers["poison"]
    )


def versions() -> dict[str, tuple[int, str]]:
    """Return each text's version, and the text with its places for numbers."""
    return {name: (entry["version"], entry["text"]) for name, entry in _texts().items()}


def countries() -> list[str]:
    """Return the codes of the countries whose numbers are known."""
    return sorted(_codes())


def check_country(country: str) -> None:
    """Raise `ConfigError` for a country whose numbers are not known."""
    if country not in countries():
        raise ConfigError(
            f"The country {country} is not known.",
            f"There are: {', '.join(countries())}; without one the safety notices name no number.",
        )


def _entry(country: str | None) -> str:
    """Return the entry of a country. Raises `ConfigError` for one that is not known."""
    if country is None:
        return DEFAULT
    check_country(country)
    return _codes()[country]


@cache
def _codes() -> dict[str, str]:
    return {
        code: name for name, entry in _numbers().items() if name != DEFAULT for code in (name, *entry.get("also", ()))
    }


@cache
def _texts() -> dict[str, Any]:
    return _read("texts.toml")


@cache
def _numbers() -> dict[str, Any]:
    return _read("numbers.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rag.safety").joinpath(name).read_text(encoding="utf-8"))
