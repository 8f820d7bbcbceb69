"""The console: web pages over the services' HTTP interfaces; it keeps nothing."""
