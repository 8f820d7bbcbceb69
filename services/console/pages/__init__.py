"""The pages: each asks the services and fills a template."""
