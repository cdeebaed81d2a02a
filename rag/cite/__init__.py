"""How a quote is cited (`rag.cite.formats`), and links that point at the quoted words (`rag.cite.links`)."""
