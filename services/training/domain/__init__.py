"""What training decides, one file an aggregate; pure."""
