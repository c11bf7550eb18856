"""Open roles."""
