"""Perennial: a talent community portal that a company runs on its own domain."""
