"""Rules written as phrases that a person can read: the language they are in, and finding what a text says in it."""
