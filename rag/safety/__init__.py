"""Safety notices: fixed texts that stand with an answer, chosen by rules before anything is searched."""
