"""How it is to work here."""
