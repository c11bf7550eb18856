"""Who is in, how they came in, and what they consented to."""
