"""Where a case's tokens stand and since when, kept narrow beside its state, so that a database counts many cases."""

from datetime import datetime
from typing import Any

from comptroller.domain.kernel import plain_json
from comptroller.domain.workflow import State


def standing_text(state: State, before: str, now: datetime) -> str:
    """Write each token's name, node, time of arrival and incident; a token that was there `before` came then.

    A token is one visit of one node: its name is never used again, and another version's node that it is moved to is
    the same visit.
    """
    if not state.tokens:
        return "[]"
    known: Any = plain_json.decode(before)
    arrived = {token: since for token, _, since, _ in known}
    at = int(now.timestamp())
    return plain_json.encode(
        [[token, each.node, arrived.get(token, at), each.incident] for token, each in state.tokens.items()]
    ).decode()
