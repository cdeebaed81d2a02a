"""Deal with the operating system: files, checksums, processes, threads."""
