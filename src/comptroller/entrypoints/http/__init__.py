"""The HTTP interface: OpenAPI 3.1, problems by RFC 9457, `Idempotency-Key` on every mutation."""
