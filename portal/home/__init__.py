"""The front door, my page, and the privacy pages."""
