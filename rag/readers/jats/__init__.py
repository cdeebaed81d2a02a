"""Read JATS, the XML of journal articles."""
