"""Bytes → `Document`: one file a format, the registry of them, the folder scan and the catalogue."""
