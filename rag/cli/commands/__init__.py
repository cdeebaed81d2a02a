"""Define the commands, one file a command, and the reports that some of them print."""
