"""What the notifications service publishes: who hears what, through which channel, and whether it arrived."""
