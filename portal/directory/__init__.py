"""Everybody in the network as staff find them: a list to search, and a page for each person."""
