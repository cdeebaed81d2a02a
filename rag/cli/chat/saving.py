"""Save a conversation in a file that somebody names."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from rag.core.errors import StorageError, UsageError
from rag.core.system.files import write_atomically
from rag.core.types.answers import Turn
from rag.render.exporting import EXPORTS


def save(turns: Sequence[Turn], name: str, *, over: bool = False) -> Path:
    """Write a conversation to a file and return its path. Raises `UsageError` and `StorageError`.

    A file that is there is replaced only if `over` says so; either it is the new one in the end, or as it was.
    """
    if not turns:
        raise UsageError("Nothing has been asked yet, so there is nothing to save.", "Type a question.")
    ending = Path(name).suffix.casefold()
    if ending not in EXPORTS:
        raise UsageError(
            f"A conversation is not saved as {name!r}.", f"Let the name end with {', '.join(EXPORTS)}: /save chat.md"
        )
    text = EXPORTS[ending](turns, datetime.datetime.now().astimezone().isoformat(timespec="seconds"))
    try:
        path = Path(name).expanduser()
        if not over:
            path.touch(exist_ok=False)  # taken in one step, so that nobody's file is written over
        try:
            write_atomically(path, text)
        except BaseException:
            if not over:
                path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise UsageError(f"There is a file {name} already.", f"To replace it: /save! {name}") from None
    except (OSError, ValueError, RuntimeError) as error:  # the last two for names that cannot be one
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StorageError(f"{name} could not be saved: {reason}.", "Try another folder or name.") from error
    return path
