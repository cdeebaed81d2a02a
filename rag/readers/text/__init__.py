"""Read plain text and Markdown, with their encodings and front matter."""
