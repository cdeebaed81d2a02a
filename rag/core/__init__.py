"""Hold what every room shares: the types that travel, errors, settings, and dealings with the operating system."""
