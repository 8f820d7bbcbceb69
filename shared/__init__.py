"""What every service stands on: the published facts and the kernel."""
