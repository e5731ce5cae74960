"""What touches the outside world: formats, databases, connectors, keys. Each serves a port or a use case."""
