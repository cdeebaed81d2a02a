"""Define the frozen dataclasses that travel between rooms, and the protocols at the expensive seams."""
