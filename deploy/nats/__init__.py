"""Who may do what on the bus: one declaration, rendered for each place where the house runs."""
