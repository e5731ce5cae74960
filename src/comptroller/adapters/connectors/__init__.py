"""Connectors to outside systems, one package each."""
