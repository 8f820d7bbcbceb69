"""What follows from facts; one file for each aggregate that is told to act."""
