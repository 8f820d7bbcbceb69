"""What audit decides about its own answers: which of them were given out as reports."""
