"""What the records office decides: holds, erasures, certificates."""
