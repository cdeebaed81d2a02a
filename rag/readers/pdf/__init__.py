"""Read PDF files, and draw their pages."""
