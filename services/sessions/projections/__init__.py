"""Facts in, rows out: one module for each part of what sessions shows and has to know."""
