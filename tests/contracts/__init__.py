"""The promises between services."""
