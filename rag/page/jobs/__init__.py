"""Run long work beside the page's server: in a process of its own, at low priority, which can be stopped."""
