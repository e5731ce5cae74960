"""The people of a company: who they are now, when they are away, and who stands in for whom."""
