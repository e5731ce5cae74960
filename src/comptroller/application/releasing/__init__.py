"""Versions of policy: drafted, checked, signed, put in force, and asked for as they were."""
