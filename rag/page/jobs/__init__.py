"""Run long work of the page in a process of its own, at low priority, which can be stopped."""
