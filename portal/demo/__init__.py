"""A believable community, to look around in."""
