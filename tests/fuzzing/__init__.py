"""What fuzzing takes: valid files, ways to change them, what is tried with them, and what counts as sound.

`tests/readers/test_fuzzing.py` tries a fixed number in seconds; `benchmarks/fuzz.py` goes on as long as it is told to.
"""
