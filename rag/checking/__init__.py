"""What a lint of the corpus looks for, a file a subject: `Document` → `Finding`s. Nothing here alters anything."""
