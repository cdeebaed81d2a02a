"""Ask a curated corpus: verbatim, cited passages, or an honest no.

    import rag
    answer = rag.open_index("index").ask("How does magnesium act on the NMDA receptor?")
    for quote in answer.quotes:
        print(quote.text, quote.document.title)

Importing this package imports nothing else; what a name needs is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Answer": "rag.types",
    "BuildReport": "rag.types",
    "Conversation": "rag.conversation.asking",
    "Document": "rag.types",
    "Engine": "rag.engine",
    "Filters": "rag.types",
    "Notice": "rag.types",
    "Passage": "rag.types",
    "Quote": "rag.types",
    "RagError": "rag.errors",
    "Resolution": "rag.types",
    "Settings": "rag.config",
    "Turn": "rag.conversation.asking",
    "build": "rag.build",
    "open_index": "rag.engine",
}

__all__ = [*sorted(_HOMES), "__version__"]

if TYPE_CHECKING:
    from rag.build import build as build
    from rag.config import Settings as Settings
    from rag.conversation.asking import Conversation as Conversation
    from rag.conversation.asking import Turn as Turn
    from rag.engine import Engine as Engine
    from rag.engine import open_index as open_index
    from rag.errors import RagError as RagError
    from rag.types import Answer as Answer
    from rag.types import BuildReport as BuildReport
    from rag.types import Document as Document
    from rag.types import Filters as Filters
    from rag.types import Notice as Notice
    from rag.types import Passage as Passage
    from rag.types import Quote as Quote
    from rag.types import Resolution as Resolution


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
