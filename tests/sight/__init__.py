"""Who sees which personal data."""
