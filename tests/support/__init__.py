"""What tests of several rooms share: paths, numbers of examples, indexes, the page and its browser."""
