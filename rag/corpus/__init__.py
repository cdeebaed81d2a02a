"""Keep the curator's folder: what lies in it, what is known of it, changing it, linting it, kept questions.

It may not know an index.
"""
