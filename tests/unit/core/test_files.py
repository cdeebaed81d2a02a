"""What is said when the disk refuses: what it was, and what can be done."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from rag.core.errors import StorageError
from rag.core.system.files import storage_errors


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
