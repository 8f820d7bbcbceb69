"""Facts in, rows out: a module for each thing that becomes visible, and one for what falls due."""
