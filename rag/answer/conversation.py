"""Hold a conversation: keep its turns, each answered and cited afresh; nothing of one is evidence for another."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Protocol

from rag.core.types.answers import Answer, Filters, Resolution, Turn
from rag.core.types.ask import Ask, EarlierQuestion

AS_ASKED = "asked differently"
"""The reason that is given where the person said themselves what to search for."""


class Answering(Protocol):
    """Answers questions: an engine, or what stands for one until it is ready."""

    def respond(self, ask: Ask) -> Answer:
        """Answer a question within its conversation, as `Engine.respond` does."""
        ...


class Conversation:
    """Questions asked one after the other of one engine. Kept in memory only, for one person; not for several threads.

    `quotes` and `filters` are those of every turn, and may be set anew. `now` says what time it is.
    """

    def __init__(
        self,
        engine: Answering,
        *,
        quotes: int = 5,
        filters: Filters = Filters(),
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now().astimezone(),
    ) -> None:
        self.engine = engine
        self.quotes = quotes
        self.filters = filters
        self._now = now
        self._turns: list[Turn] = []

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first."""
        return tuple(self._turns)

    def ask(self, question: str, *, searched_as: str | None = None) -> Answer:
        """Ask a question within the conversation, and keep it with its answer.

        `searched_as` is what to search for instead of how the question would be understood. Raises what `Engine.ask`
        does; a question that was not answered for that is not kept.
        """
        resolution = None if searched_as is None else Resolution(searched_as, AS_ASKED)
        earlier = tuple(EarlierQuestion(turn.question, turn.resolved) for turn in self._turns)
        answer = self.engine.respond(Ask(question, earlier, self.quotes, self.filters, resolution))
        self._turns.append(Turn(answer.question, answer, self._now().isoformat(timespec="seconds")))
        return answer

    def ask_differently(self, searched_as: str) -> Answer:
        """Ask the last question again, searching for something else; the answer takes the place of its last one.

        Raises `IndexError` where nothing has been asked yet.
        """
        last = self._turns.pop()
        try:
            return self.ask(last.question, searched_as=searched_as)
        except BaseException:
            self._turns.append(last)
            raise

    def start_anew(self) -> None:
        """Forget all turns."""
        self._turns.clear()
