"""Facts in, rows out: who can be told, what is in each inbox, what falls due, what was done about an alert."""
