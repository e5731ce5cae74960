"""The whole XRechnung test suite submitted to a running server and taken to the end by scripted people."""
