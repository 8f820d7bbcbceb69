"""Reports that were issued, and whether they can be had again."""
