"""Open Badges out: each certification as a signed credential that anybody can verify."""
