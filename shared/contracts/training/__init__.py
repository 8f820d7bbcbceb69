"""What the training service publishes: courses, enrolments, certifications, clearances, and who may be deployed."""
