"""A copy of a whole record, for the person whose it is."""
