"""Web push: messages that only the subscribed browser can read, handed to the push service it named."""

from comptroller.adapters.push.encryption import encrypt
from comptroller.adapters.push.sender import PUSH_HOSTS, WebPushSender
from comptroller.adapters.push.vapid import VapidKey

__all__ = ["PUSH_HOSTS", "VapidKey", "WebPushSender", "encrypt"]
