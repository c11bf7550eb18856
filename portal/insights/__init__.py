"""Figures over everything below: what came of what we did."""
