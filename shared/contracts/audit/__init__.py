"""What the audit service publishes: who was shown what it keeps."""
