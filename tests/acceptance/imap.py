"""A small IMAP server on the loopback interface: one account, a few folders, the commands that a reader needs."""

import re
import socketserver
from threading import Thread
from typing import Final

_LITERALS: Final = "BODY.PEEK[]"
ARRIVED: Final = "25-Mar-2026 09:10:00 +0100"
"""When the server put each of its mails into the inbox, as it says itself."""


class Folders(dict[str, dict[int, bytes]]):
    """The mails of the account by folder and UID."""

    def add(self, *mails: bytes) -> None:
        """Put mails into the inbox."""
        inbox = self["INBOX"]
        for mail in mails:
            inbox[max([0, *inbox]) + 1] = mail


class ImapServer:
    """A running server; `folders` are what it holds."""

    def __init__(self) -> None:
        self.folders = Folders({"INBOX": {}})
        folders = self.folders

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _Talk(self, folders).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The mailbox's address."""
        return f"imap://ap:secret@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


class _Talk:
    """One connection."""

    def __init__(self, handler: socketserver.StreamRequestHandler, folders: Folders) -> None:
        self._read, self._write = handler.rfile, handler.wfile
        self._folders = folders
        self._selected = "INBOX"
        self._deleted: set[int] = set()

    def run(self) -> None:
        self._say(b"* OK ready")
        while line := self._read.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            name, _, arguments = rest.partition(" ")
            self._answer(name.upper(), arguments)
            self._say(f"{tag} OK done".encode())
            if name.upper() == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self._write.write(line + b"\r\n")
        self._write.flush()

    def _answer(self, name: str, arguments: str) -> None:
        inbox = self._folders[self._selected]
        match name:
            case "CAPABILITY":
                self._say(b"* CAPABILITY IMAP4rev1")
            case "CREATE":
                self._folders.setdefault(arguments.strip('"'), {})
            case "SELECT":
                self._selected = arguments.strip('"')
                self._say(f"* {len(self._folders[self._selected])} EXISTS".encode())
            case "EXPUNGE":
                for uid in self._deleted:
                    inbox.pop(uid, None)
                self._deleted.clear()
            case "UID":
                self._by_uid(*arguments.split(" ", 2), inbox=inbox)
            case _:
                pass

    def _by_uid(self, command: str, uids: str, rest: str = "", *, inbox: dict[int, bytes]) -> None:
        match command.upper():
            case "SEARCH":
                self._say(("* SEARCH " + " ".join(map(str, sorted(inbox)))).encode())
            case "FETCH" if "RFC822.SIZE" in rest:
                self._say(
                    f'* 1 FETCH (UID {uids} RFC822.SIZE {len(inbox[int(uids)])} INTERNALDATE "{ARRIVED}")'.encode()
                )
            case "FETCH":
                mail = inbox[int(uids)]
                if _LITERALS not in rest:
                    mail = re.split(rb"\r?\n\r?\n", mail)[0]
                self._say(f"* 1 FETCH (UID {uids} BODY[] {{{len(mail)}}}".encode() + b"\r\n" + mail + b")")
            case "COPY":
                target = self._folders[rest.strip('"')]
                target[len(target) + 1] = inbox[int(uids)]
            case "STORE":
                self._deleted.add(int(uids))
            case _:
                pass
