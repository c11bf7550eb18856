"""What we send each quarter."""
