"""A conversation on a terminal or through a pipe: lines → questions that are asked, and commands."""
