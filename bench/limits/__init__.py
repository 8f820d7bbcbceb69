"""Physical limits: the bare engines doing the least that the work needs."""
