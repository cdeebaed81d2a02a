"""Long work beside the page's server: in a process of its own, which gives way to whoever asks, and can be stopped."""
