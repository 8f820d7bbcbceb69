"""Facts and due times in, commands out: a module for each matter."""
