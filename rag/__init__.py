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

_HOMES = {
    "Answer": "rag.core.types.answers",
    "BuildReport": "rag.core.types.reports",
    "Conversation": "rag.answer.conversation",
    "Document": "rag.core.types.documents",
    "Engine": "rag.answer.engine",
    "Filters": "rag.core.types.answers",
    "Notice": "rag.core.types.answers",
    "Passage": "rag.core.types.passages",
    "Quote": "rag.core.types.answers",
    "RagError": "rag.core.errors",
    "Resolution": "rag.core.types.answers",
    "Settings": "rag.core.config",
    "Turn": "rag.core.types.answers",
    "build": "rag.building.build",
    "__version__": "rag.core.version",
    "open_index": "rag.answer.engine",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from rag.answer.conversation import Conversation as Conversation
    from rag.answer.engine import Engine as Engine
    from rag.answer.engine import open_index as open_index
    from rag.building.build import build as build
    from rag.core.config import Settings as Settings
    from rag.core.errors import RagError as RagError
    from rag.core.types.answers import Answer as Answer
    from rag.core.types.answers import Filters as Filters
    from rag.core.types.answers import Notice as Notice
    from rag.core.types.answers import Quote as Quote
    from rag.core.types.answers import Resolution as Resolution
    from rag.core.types.answers import Turn as Turn
    from rag.core.types.documents import Document as Document
    from rag.core.types.passages import Passage as Passage
    from rag.core.types.reports import BuildReport as BuildReport
    from rag.core.version import __version__ as __version__


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
