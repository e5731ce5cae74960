"""A port of this machine's loopback interface: nothing is served to other machines."""

import socket
from typing import Final

HOST: Final = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """Take a port of the loopback interface, 0 for any free one; an `OSError` says why it cannot be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what a server before left behind is no use
        listener.bind((HOST, port))
        listener.listen()  # from here on the port is taken for everybody else
    except OSError:
        listener.close()
        raise
    return listener
