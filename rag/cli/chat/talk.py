"""Hold a conversation in lines: ask or carry out each; an error ends its line, not the conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from rich.text import Text

from rag.answer.conversation import Conversation
from rag.answer.quoted import quoted_documents
from rag.cli.chat.lines import interactive, read_line
from rag.cli.chat.saving import save
from rag.cli.chat.slash_commands import SlashCommand, command_of, help_lines
from rag.cli.ready import ReadyEngine
from rag.core.errors import QuestionError, RagError, UsageError
from rag.core.types.answers import Answer, Quote
from rag.render.terminal import print_document, print_quoted
from rag.safety.notices import called_for
from rag.text.characters import one_line
from rag.text.words import LONGEST_QUESTION

if TYPE_CHECKING:
    from rich.console import Console

WELCOME = "Ask in a sentence. /help lists what else can be typed; /quit or Ctrl-D leaves."


class Talk:
    """A conversation with somebody who types, or with a pipe.

    `show` prints an answer, `aside` is where commands print, `say` makes remarks.
    """

    def __init__(
        self,
        conversation: Conversation,
        ready: ReadyEngine,
        show: Callable[[Answer], None],
        aside: Console,
        say: Callable[[str], None],
    ) -> None:
        self.conversation = conversation
        self.ready = ready
        self.show = show
        self.aside = aside
        self.say = say
        self.exit_code = 0

    def hold(self) -> int:
        """Read and take lines until the end; return the exit code.

        Raises what the first question raises if it cannot be asked of this index at all. Later on, with a conversation
        to lose, that is told and becomes the exit code.
        """
        typed = interactive()
        if typed:
            self.say(WELCOME)
        interrupted = False
        while True:
            try:
                line = read_line()
                if line is None or not self.take(line):
                    break
                interrupted = False
            except KeyboardInterrupt:
                if not typed:
                    raise
                click.echo(err=True)
                if interrupted:
                    return self.exit_code
                interrupted = True
                self.say("Left off. Ctrl-C again leaves.")
        if typed and line is None:
            click.echo(err=True)  # the shell's prompt begins a line of its own
        return self.exit_code

    def take(self, line: str) -> bool:
        """Ask a question or carry out a command; return False if it was to leave."""
        if not line.strip():
            _tell(QuestionError("The question is empty.", "Type one, or /help."))
            return True
        try:
            command = command_of(line)
        except UsageError as error:
            if not called_for(line[:LONGEST_QUESTION]).urgent:
                _tell(error)
                return True
            command = None  # it is no command, and not to be missed for a slash
        if command is None:
            self._answer(lambda: self.conversation.ask(line))
        elif command.name == "quit":
            return False
        else:
            try:
                self._carry_out(command)
            except UsageError as error:
                _tell(error)
        return True

    def _answer(self, ask: Callable[[], Answer]) -> None:
        try:
            answer = ask()
        except QuestionError as error:
            _tell(error)
        except RagError as error:
            if not self.conversation.turns:
                raise
            _tell(error)
            self.exit_code = error.exit_code
        else:
            self.show(answer)

    def _carry_out(self, command: SlashCommand) -> None:
        match command.name:
            case "sources":
                print_quoted(quoted_documents(self.conversation.turns), self.aside)
            case "open":
                self._open(command.argument)
            case "as":
                if not self.conversation.turns:
                    raise UsageError("Nothing has been asked yet.", "Type a question.")
                self._answer(lambda: self.conversation.ask_differently(command.argument))
            case "new":
                self.conversation.start_anew()
                self.say("A new topic: what was asked before is forgotten.")
            case "save" | "save!":
                try:
                    path = save(self.conversation.turns, command.argument, over=command.name == "save!")
                except RagError as error:
                    _tell(error)
                else:
                    self.say(f"Saved in {path}.")
            case "help":
                for each in help_lines():
                    self.aside.print(Text(each), soft_wrap=True)

    def _open(self, number: str) -> None:
        answer = self.conversation.turns[-1].answer if self.conversation.turns else None
        quote = _numbered(answer.quotes or answer.related if answer else (), number)
        passages = self.ready.engine.passages(quote.document) if self.ready.engine else []
        print_document(quote.document, quote.standing, passages, quote.passage, self.aside)


def _numbered(quotes: tuple[Quote, ...], number: str) -> Quote:
    if not quotes:
        raise UsageError("The last answer shows nothing that could be opened.", "/sources lists what was quoted.")
    found = [quote for quote in quotes if str(quote.rank) == number]
    if not found:
        raise UsageError(
            f"The last answer has no passage {number!r}.", f"Type /open with a number from 1 to {len(quotes)}."
        )
    return found[0]


def _tell(error: RagError) -> None:
    click.echo(one_line(str(error)), err=True)
