"""Sessions: what contact was planned, what really took place, and what may not."""
