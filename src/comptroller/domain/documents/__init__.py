"""Canonical finance documents and their own arithmetic: what every reader produces and every control reads."""
