"""The ground floor: it knows no subject."""
