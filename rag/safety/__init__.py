"""Choose the fixed notices that a question calls for, before anything is searched; for a clinician to review.

It may not know an index, a quote, or a screen.
"""
