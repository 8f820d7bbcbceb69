"""The region's transparency log: what was recorded, and proof that it stays so."""
