"""Runs the web process on the loopback interface, with a worker beside it where it is the only process."""

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from comptroller.bootstrap import build
from comptroller.entrypoints.http.app import make_app
from comptroller.entrypoints.web import add_pages
from comptroller.entrypoints.worker import work_until
from comptroller.settings import Settings


def serve_forever(settings: Settings, *, port: int, with_worker: bool) -> None:
    """Serve until a signal comes."""
    platform = build(settings)
    stop = threading.Event()

    @asynccontextmanager
    async def beside(_app: FastAPI) -> AsyncIterator[None]:
        thread = threading.Thread(target=work_until, args=(platform.dispatcher, stop), name="worker")
        if with_worker:
            thread.start()
        yield
        stop.set()
        if with_worker:
            thread.join()

    app = make_app(platform.dispatcher, lifespan=beside)
    add_pages(app, platform.dispatcher, session_secret=settings.session_secret)
    sys.stderr.write(f"serving on http://127.0.0.1:{port} - open it and choose who you are; Ctrl-C ends\n")
    try:
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", server_header=False)
    finally:
        platform.close()
