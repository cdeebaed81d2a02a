"""Label the source's own words by rules: evidence cues, doses, statements, caveats. Nothing is inferred."""
