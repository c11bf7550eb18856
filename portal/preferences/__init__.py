"""What members want to hear about, and how often."""
