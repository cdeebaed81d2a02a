"""A conversation: a question that leans on earlier ones → what is searched for, and the turns that were asked."""
