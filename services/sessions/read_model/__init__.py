"""What sessions tells: tables and named questions."""
