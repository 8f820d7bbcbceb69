"""What people with power could do, done for real to a running system; and what is said of it."""
