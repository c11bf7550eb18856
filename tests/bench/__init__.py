"""Benchmarks: each a ratio in one run, printed as `bench NAME RATIO goal RELATION LIMIT`."""
