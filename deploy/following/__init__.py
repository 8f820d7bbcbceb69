"""Following the facts of a running system from outside: over the addresses that integrators have, too."""
