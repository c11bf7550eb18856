"""The staff entrance: signing in, the second factor, and what needs a person today."""
