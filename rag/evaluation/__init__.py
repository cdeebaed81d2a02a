"""Turn benchmarks and question sets into figures, through the same path that a question takes.

It may not print.
"""
