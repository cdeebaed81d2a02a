"""What is said when the disk refuses: what it was, and what can be done."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from rag.core.errors import StorageError
from rag.core.system.files import FLUSHING, storage_errors, write_atomically


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "Free some space;"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES)), "Check that you may write there;"),
        (OSError("database or disk is full"), "Free some space;"),
        (OSError("a worker thread was killed"), "Free some space, or check that you may write there;"),
    ],
)
def test_the_advice_is_what_the_error_calls_for(error: OSError, advice: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as raised, storage_errors(tmp_path):
        raise error
    assert raised.value.advice.startswith(advice)
    assert str(tmp_path) in raised.value.message


@pytest.mark.usefixtures("flushed")
def test_what_is_written_is_flushed_with_its_name_unless_that_is_turned_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr("rag.core.system.files.os.fsync", flushed.append)
    write_atomically(tmp_path / "a", "salt")
    assert len(flushed) == 2  # the file, and the folder with its name
    monkeypatch.setenv(FLUSHING, "off")
    write_atomically(tmp_path / "b", "salt")
    assert len(flushed) == 2
