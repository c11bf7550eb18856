"""Fixtures of the proving ground."""

from tests.mail.proving.ground import ground, nursery

__all__ = ["ground", "nursery"]
