"""The aspects of health that questions ask for and passages speak of, in lists that a person can review."""
