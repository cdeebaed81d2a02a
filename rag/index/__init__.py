"""Keep the index on disk: open it, search it row by row, write it and publish it."""
