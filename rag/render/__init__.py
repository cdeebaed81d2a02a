"""`Answer` → terminal, JSON, escaped HTML, Markdown. Every one of them shows the notices first."""
