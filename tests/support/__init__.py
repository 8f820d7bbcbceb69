"""What tests stand on: engines, examples of facts, waiting for a condition."""
