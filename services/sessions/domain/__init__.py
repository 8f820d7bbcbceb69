"""What sessions decides, one file an aggregate; pure."""
