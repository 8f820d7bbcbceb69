"""Following facts: read models, policies, effects, and their parking, waiting, watching and rebuilding."""
