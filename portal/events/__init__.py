"""What we invite to, and who has a seat."""
