"""Hold what every room shares: the types that travel, errors, settings, and dealings with the operating system.

It may not import anything else of the package, nor a third-party package beyond filelock.
"""
