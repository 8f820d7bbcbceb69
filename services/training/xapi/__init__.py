"""xAPI statements in: what learning systems say about mentors, and what follows from it."""
