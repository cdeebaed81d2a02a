"""Texts → unit vectors. Asking uses the exported model alone; exporting it, once, is a process of its own."""
