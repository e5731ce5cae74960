"""Runs the web process on the loopback interface, with a worker beside it where it is the only process."""

import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI

from comptroller.bootstrap import Platform
from comptroller.entrypoints.http.app import make_app
from comptroller.entrypoints.loopback import HOST, listen
from comptroller.entrypoints.web import add_pages
from comptroller.entrypoints.web.own import CaughtMails
from comptroller.entrypoints.worker import work


def serve_forever(
    platform: Platform,
    *,
    with_worker: bool,
    port: int = 0,
    listener: socket.socket | None = None,
    mailbox: CaughtMails | None = None,
) -> None:
    """Serve until a signal comes, on a port that was taken before or is taken now; the platform is closed then."""
    listener = listener or listen(port)
    stop = threading.Event()

    @asynccontextmanager
    async def beside(_app: FastAPI) -> AsyncIterator[None]:
        thread = threading.Thread(target=work, args=(platform.dispatcher, stop), name="worker")
        if with_worker:
            thread.start()
        yield
        stop.set()
        if with_worker:
            thread.join()

    app = make_app(platform.dispatcher, lifespan=beside)
    add_pages(app, platform.dispatcher, session_secret=platform.settings.session_secret, mailbox=mailbox)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    sys.stderr.write(f"serving on {address} - open it and choose who you are; Ctrl-C ends\n")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    try:
        with suppress(KeyboardInterrupt):  # how the server says that Ctrl-C came, once it has ended in order
            server.run(sockets=[listener])
    finally:
        platform.close()
        listener.close()
