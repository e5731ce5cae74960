"""Use cases: what the platform does for a caller, each authorised, in one unit of work, with its audit entry."""
