"""Push messages: sealed for one browser, signed by the installation, sent to allowed services alone."""

import json
import ssl
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import ClassVar, Final

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from comptroller.adapters.push import PUSH_HOSTS, VapidKey, WebPushSender, encrypt
from comptroller.adapters.push.encryption import PADDED_BYTES, from_text, point_of, to_text
from comptroller.application.ports.notices import PushMessage, PushTarget

NOW: Final = datetime(2026, 3, 27, 9, tzinfo=UTC)
SECRET: Final = bytes(range(16))


class Browser:
    """The other side: reads as RFC 8291 and RFC 8188 say, with HMAC alone."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = point_of(self.key)

    def target(self, endpoint: str) -> PushTarget:
        return PushTarget(endpoint, to_text(self.point), to_text(SECRET))

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), point)
        agreed = mac(mac(SECRET, shared), b"WebPush: info\x00" + self.point + sender + b"\x01")
        pseudo = mac(salt, agreed)
        key = mac(pseudo, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = mac(pseudo, b"Content-Encoding: nonce\x00\x01")[:12]
        content = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert content.endswith(b"\x02")
        return content[:-1]


def mac(key: bytes, text: bytes) -> bytes:
    made = HMAC(key, SHA256())
    made.update(text)
    return made.finalize()


def test_only_the_browser_reads_the_message_and_its_length_tells_nothing() -> None:
    browser, other = Browser(), Browser()
    short, long = (encrypt(text, public_key=browser.point, secret=SECRET) for text in (b"a", b"b" * 2_000))
    assert (browser.read(short), browser.read(long)) == (b"a", b"b" * 2_000)
    assert len(short) == len(long)
    with pytest.raises(Exception, match=r".*"):
        other.read(short)


def test_message_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * PADDED_BYTES, public_key=Browser().point, secret=SECRET)


def test_key_is_made_once_and_signs_for_one_origin_and_half_a_day(tmp_path: Path) -> None:
    key, again = VapidKey.in_directory(tmp_path), VapidKey.in_directory(tmp_path)
    assert key.public_key == again.public_key
    header = key.authorization("https://push.example", contact="mailto:ops@acme.example", now=NOW)
    token, _, public = header.removeprefix("vapid t=").partition(", k=")
    assert public == key.public_key
    signed, _, signature = token.rpartition(".")
    raw = from_text(signature)
    numbers = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(public))
    point.verify(numbers, signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(urlsafe_b64decode(signed.partition(".")[2] + "=="))
    assert claims == {
        "aud": "https://push.example",
        "exp": int(NOW.timestamp()) + 43_200,
        "sub": "mailto:ops@acme.example",
    }


class Service:
    """A push service that answers as it is told and keeps what it got."""

    def __init__(self, status: int = 201) -> None:
        self.status = status
        self.got: list[httpx2.Request] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.got.append(request)
        return httpx2.Response(self.status)


def sender(place: Path, service: Service, *hosts: str) -> WebPushSender:
    client = httpx2.Client(transport=httpx2.MockTransport(service.answer))
    return WebPushSender(
        VapidKey.in_directory(place),
        contact="mailto:ops@acme.example",
        hosts=hosts or PUSH_HOSTS,
        now=lambda: NOW,
        client=client,
    )


def message(target: PushTarget) -> PushMessage:
    return PushMessage("notice.1", target, "Approve: R-1", "Acme", "https://c.example/cases/1")


def test_message_is_handed_over(tmp_path: Path) -> None:
    service, browser = Service(), Browser()
    delivered = sender(tmp_path, service).send(message(browser.target("https://fcm.googleapis.com/fcm/send/abc")))
    assert (delivered.accepted, delivered.status) == (True, 201)
    (request,) = service.got
    assert request.headers["content-encoding"] == "aes128gcm"
    assert request.headers["authorization"].startswith("vapid t=")
    assert json.loads(browser.read(request.content)) == {
        "title": "Approve: R-1",
        "body": "Acme",
        "address": "https://c.example/cases/1",
        "key": "notice.1",
    }


@pytest.mark.parametrize(
    ("status", "retry"), [(404, False), (410, False), (400, False), (413, False), (429, True), (503, True)]
)
def test_answers_are_told_apart(tmp_path: Path, status: int, retry: bool) -> None:
    delivered = sender(tmp_path, Service(status)).send(message(Browser().target("https://fcm.googleapis.com/x")))
    assert (delivered.accepted, delivered.retry, delivered.status) == (False, retry, status)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://push.services.mozilla.com.evil.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com:x/",
        "",
        "https://fcm.googleapis.com/" + "x" * 3_000,
    ],
)
def test_service_that_is_not_allowed_gets_nothing(tmp_path: Path, endpoint: str) -> None:
    service = Service()
    push, target = sender(tmp_path, service), Browser().target(endpoint)
    assert push.problem_of(target)
    delivered = push.send(message(target))
    assert (delivered.accepted, delivered.retry, service.got) == (False, False, [])


@pytest.mark.parametrize(
    ("public_key", "secret"),
    [
        pytest.param("", to_text(SECRET), id="no key"),
        pytest.param(to_text(b"\x04" + bytes(64)), to_text(SECRET), id="a point that is not on the curve"),
        pytest.param(to_text(Browser().point), "AA", id="a short secret"),
        pytest.param("ä", "ä", id="no base64"),
    ],
)
def test_keys_that_cannot_be_read_are_refused(tmp_path: Path, public_key: str, secret: str) -> None:
    push = sender(tmp_path, Service())
    assert push.problem_of(PushTarget("https://fcm.googleapis.com/x", public_key, secret)) != ""


# ---- over the wire ---------------------------------------------------------------------------------------------------


class Endpoint(BaseHTTPRequestHandler):
    """A push service on this machine."""

    got: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        """Keep a message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, body))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def certified(place: Path) -> Path:
    """A certificate of this machine's own, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day, alternative = timedelta(days=1), x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC) - day).not_valid_after(datetime.now(UTC) + day)
    content = made.add_extension(alternative, critical=False).sign(key, SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = place / "service.pem"
    path.write_bytes(content + private)
    return path


def test_message_travels_encrypted_to_a_service_and_is_read_by_its_browser_alone(tmp_path: Path) -> None:
    certificate, browser = certified(tmp_path), Browser()
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    host = f"127.0.0.1:{server.server_port}"
    thread = Thread(target=server.handle_request)
    thread.start()
    with httpx2.Client(verify=ssl.create_default_context(cafile=str(certificate)), trust_env=False) as client:
        key = VapidKey.in_directory(tmp_path / "keys")
        push = WebPushSender(key, contact="mailto:ops@acme.example", hosts=[host], now=lambda: NOW, client=client)
        delivered = push.send(message(browser.target(f"https://{host}/push/abc")))
    thread.join()
    server.server_close()
    assert (delivered.accepted, delivered.status) == (True, 201)
    ((path, body),) = Endpoint.got
    assert path == "/push/abc"
    assert b"Approve" not in body
    assert json.loads(browser.read(body))["title"] == "Approve: R-1"
