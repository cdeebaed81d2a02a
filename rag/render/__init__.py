"""Turn an `Answer` or a conversation into terminal text, JSON, Markdown, escaped HTML, or citations.

It may not decide content.
"""
