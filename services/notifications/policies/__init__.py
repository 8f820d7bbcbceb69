"""Facts in, commands of ours out; and what is done when something falls due."""
