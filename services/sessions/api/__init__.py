"""HTTP in, commands and questions out."""
