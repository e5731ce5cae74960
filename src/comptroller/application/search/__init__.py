"""Full-text search over cases: what each is found by, and how a search finds it."""
