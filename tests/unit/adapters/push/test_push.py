"""Push messages: sealed for one browser, signed by the installation, sent to allowed services alone."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

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
