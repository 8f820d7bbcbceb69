"""How every service forgets: it hears the order, blots out what it shows, and says that it has."""
