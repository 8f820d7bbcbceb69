"""Recipients and notifications: what may be decided about them, without any input or output."""
