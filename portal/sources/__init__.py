"""Where people come from, and how far they get: tagged links, and counts that know nobody."""
