"""What the service decides, one file per aggregate; pure."""
