"""To whom we write that an event is coming, and whom we ask once more."""
