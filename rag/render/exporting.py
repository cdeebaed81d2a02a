"""Export a conversation as the text of a file, in the format that the file's name ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.render.json_records import conversation_record, to_json
from rag.render.markdown import conversation_markdown
from rag.render.standalone import conversation_html

if TYPE_CHECKING:
    from rag.core.types.answers import Turn


def conversation_json(turns: Sequence[Turn], exported_at: str) -> str:
    """Return a conversation as one JSON object on one line."""
    return to_json(conversation_record(turns, exported_at)) + "\n"


EXPORTS: Mapping[str, Callable[[Sequence[Turn], str], str]] = {
    ".md": conversation_markdown,
    ".json": conversation_json,
    ".html": conversation_html,
}
"""What makes the text of a file, by the ending of its name."""
