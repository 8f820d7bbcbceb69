"""Facts made to happen on a running system in development: by the public commands that lead to them alone."""
