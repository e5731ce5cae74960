"""The keys with which tenants' logs are signed: one log, one key, named as the log's origin.

Who holds the private key decides who can sign; a use case sees it only as something that signs.
"""

from collections.abc import Callable

from comptroller.domain.audit.note import Signer, Verifier
from comptroller.domain.kernel.ids import TenantId

SignerOf = Callable[[TenantId], Signer]
"""Finds, or at first use makes, the key of a tenant's log."""

VerifierOf = Callable[[TenantId], Verifier | None]
"""Finds the public key of a tenant's log, and makes none."""

__all__ = ["Signer", "SignerOf", "Verifier", "VerifierOf"]
