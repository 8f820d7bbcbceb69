"""Tests of the console, and of the services it looks into, on a whole running system."""
