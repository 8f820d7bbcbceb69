"""Tests, on real engines and real processes."""
