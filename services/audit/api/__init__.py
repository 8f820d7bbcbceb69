"""Questions over HTTP; audit decides nothing yet."""
