"""The names of health: drugs, substances, conditions, procedures and populations, in lists that a person can review."""
