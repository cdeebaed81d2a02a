"""Look for what a curator would want to mend, a file a subject: `Document` to `Finding`s. Alter nothing."""
