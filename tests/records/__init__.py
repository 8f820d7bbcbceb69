"""The records office, and what every service does when it is told to forget."""
