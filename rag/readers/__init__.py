"""Turn the bytes of one file into a `Document`; one folder a format."""
