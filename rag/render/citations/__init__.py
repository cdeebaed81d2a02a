"""Write citations of a quote, a file a format, from what is known of its document and nothing else."""
