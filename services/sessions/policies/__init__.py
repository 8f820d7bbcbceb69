"""Facts in, commands out: one module for each thing that follows from news."""
