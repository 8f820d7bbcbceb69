"""The sample integrations of docs/examples, run as their users would run them."""
