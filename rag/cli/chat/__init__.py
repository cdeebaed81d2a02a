"""Hold a conversation on a terminal or through a pipe: lines are questions to ask, or commands."""
