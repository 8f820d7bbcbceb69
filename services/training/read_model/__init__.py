"""What training tells: tables and named questions."""
