"""Offer the command line: one file a command, and the chat in lines.

It may not hold logic.
"""
