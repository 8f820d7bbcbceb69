"""What the assignments service publishes: schools, requests, children, mentors, and who supports whom."""
