"""What was known when: pure folds over the published contracts, independent of the services' own domains."""
