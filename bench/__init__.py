"""Ours, the peers and the physical limit, measured in one run and told as ratios."""
