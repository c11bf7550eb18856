"""Which members, by a rule."""
