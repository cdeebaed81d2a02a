"""Hold a conversation: `rag chat`."""

from __future__ import annotations

import click

from rag.cli.console import Command, console, remarks
from rag.cli.options import common, filtering
from rag.core.config import Settings
from rag.core.types.answers import Filters


@click.command(
    cls=Command,
    examples="""
    python -m rag chat
    python -m rag chat --kind leaflet --since 2024
    printf 'What is memantine?\\nDoes it help depression?\\n' | python -m rag chat --json
    """,
)
@click.option("-k", "quotes", type=int, metavar="N", help="How many quotes at most (default: 5).")
@filtering
@common("corpus", "index", "model", "may_refuse", "may_mislead", "country", "refresh", "json", "quiet", "color")
def chat(settings: Settings, filters: Filters, no_refresh: bool, as_json: bool, quiet: bool, no_color: bool) -> None:
    """Hold a conversation: a question a line, each answered as "query" does, and commands ("/help" lists them).

    A question may lean on the ones before it. Nothing is kept but what "/save FILE" saves. With --json each answer is
    one JSON object on a line, and what commands print goes to standard error.
    """
    from rag.answer.conversation import Conversation
    from rag.cli.chat.showing import json_line, text_on
    from rag.cli.chat.talk import Talk
    from rag.cli.ready import ReadyEngine

    ready = ReadyEngine(settings, refresh=not no_refresh, quiet=quiet)
    conversation = Conversation(ready, quotes=settings.quotes, filters=filters)
    show = json_line if as_json else text_on(console(no_color))
    talk = Talk(conversation, ready, show, console(no_color, stderr=as_json), remarks(quiet))
    click.get_current_context().exit(talk.hold())
