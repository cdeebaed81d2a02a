"""Resolve a question that leans on earlier ones into one that stands by itself, by rules that are data."""
