"""The services: each decides and records its own facts, and starts, stops and migrates alone."""
