"""What an author of a plugin imports: the ports to fulfil and the words to answer in."""

from comptroller.application.ports.surroundings import Connector, Delivered

__all__ = ["Connector", "Delivered"]
