"""Who supports whom: schools, requests, children, mentors and the links between them."""
