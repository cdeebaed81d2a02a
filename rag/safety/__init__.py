"""Choose the fixed notices that a question calls for, before anything is searched; for a clinician to review."""
