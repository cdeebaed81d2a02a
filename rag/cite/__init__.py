"""How a quote is cited, in words and for programs that keep references, and links that point at the quoted words."""

from rag.cite.formats import FORMATS, citation
from rag.cite.links import quote_link

__all__ = ["FORMATS", "citation", "quote_link"]
