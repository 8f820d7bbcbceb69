"""What the sessions service publishes: contact planned, begun, logged, cancelled."""
