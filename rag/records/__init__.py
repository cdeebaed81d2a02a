"""Questions that somebody chose to keep on this machine: what is kept of one, and the file that holds them."""
