"""Read HTML: whole web pages and fragments of exports."""
