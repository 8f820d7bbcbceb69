"""The feed of a service and its stream of events."""
