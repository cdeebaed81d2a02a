"""Evidence cues: labels on the source's own words that say what kind of evidence they speak of. Nothing is inferred."""
