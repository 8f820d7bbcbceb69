"""Facts for others to read over HTTP: a feed to mirror a service by, and the same as server-sent events."""
