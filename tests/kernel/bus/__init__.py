"""Facts on the bus, with a real PostgreSQL and a real nats-server."""
