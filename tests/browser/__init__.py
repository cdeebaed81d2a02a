"""The page in a real browser, which these tests share, as they share its server."""
