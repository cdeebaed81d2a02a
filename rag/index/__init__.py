"""What lies on disk: the dense and the lexical index, the store, the manifest, publishing and opening."""

from rag.index.folder import IndexFolder
from rag.index.manifest import DocumentRecord, Manifest
from rag.index.opening import OpenIndex, open_published
from rag.index.sentences import SentenceRows
from rag.index.store_values import StoredPassage

__all__ = ["DocumentRecord", "IndexFolder", "Manifest", "OpenIndex", "SentenceRows", "StoredPassage", "open_published"]
