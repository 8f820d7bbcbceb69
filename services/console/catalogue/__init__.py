"""The catalogue of published facts, as pages show it: read from the generated AsyncAPI document."""
