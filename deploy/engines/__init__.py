"""PostgreSQL and nats-server, started from their wheels as children of ours."""
