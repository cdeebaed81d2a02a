"""Decide who may change the corpus and the index on the page: nobody, holders of the password, or everybody."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable

from rag.core.config import Settings
from rag.core.errors import NotAllowed

LONGEST_WAIT = 60.0  # seconds
FORGOTTEN_AFTER = 900.0  # seconds


class Gate:
    """Lets curators in by their password; one for all sessions, so that wrong tries slow down everybody's.

    After a wrong try the next is looked at only when a time has passed that doubles with each, to `LONGEST_WAIT`. What
    comes before is turned away unread: no thread waits, and guessing side by side is no faster. `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong = 0
        self._last_wrong = 0.0

    def unlock(self, settings: Settings, typed: str) -> str:
        """Return what a session keeps to show that it was let in. Raises `NotAllowed` for a wrong or too early try."""
        with self._lock:
            now = self._clock()
            since = now - self._last_wrong
            if since > FORGOTTEN_AFTER:
                self._wrong = 0
            wait = min(2.0 ** (self._wrong - 1), LONGEST_WAIT) - since if self._wrong else 0.0
            if wait > 0:
                raise NotAllowed("There was a wrong password just now.", f"Try again in {int(wait) + 1} seconds.")
            if settings.curator_password and hmac.compare_digest(_bytes(typed), _bytes(settings.curator_password)):
                self._wrong = 0
                return self._token(settings.curator_password)
            self._wrong, self._last_wrong = self._wrong + 1, now
        raise NotAllowed("That is not the curators' password.", "Check it, and wait a moment before you try again.")

    def may_curate(self, settings: Settings, kept: str | None) -> bool:
        """Say whether a session may change things, given what it keeps: that holds until the password is another."""
        if settings.read_only:
            return False
        if settings.curator_password is None:
            return True
        return kept is not None and hmac.compare_digest(_bytes(kept), _bytes(self._token(settings.curator_password)))

    def require(self, settings: Settings, kept: str | None) -> None:
        """Raise `NotAllowed` unless a session may change things."""
        if settings.read_only:
            raise NotAllowed("This page is read-only.", "The corpus is kept on the command line.")
        if not self.may_curate(settings, kept):
            raise NotAllowed("Only curators may change the corpus.", "Unlock the page with their password first.")

    def _token(self, password: str) -> str:
        return hmac.new(self._key, _bytes(password), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    """Return a password as bytes, the same from whatever keyboard its accents come."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
