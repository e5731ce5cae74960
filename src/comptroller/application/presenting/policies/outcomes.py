"""What a decision came to, as people read it."""

from typing import Any


def said(outcome: Any) -> str:
    """An outcome as people read it: what was decided and why; of a list each; of anything else its names and values.

    >>> said({"outcome": "route", "reason": "AP-7", "text": "above 2,000"})
    'route: above 2,000 (AP-7)'
    >>> said([{"amount": "760.00", "line": 1}, "none"])
    'amount 760.00, line 1; none'
    """
    match outcome:
        case {"outcome": str(way), "reason": str(code), "text": str(text)} if code and text:
            return f"{way}: {text} ({code})"
        case {"outcome": str(way), "reason": str(why)} | {"outcome": str(way), "text": str(why)} if why:
            return f"{way}: {why}"
        case {"outcome": value} | {"reason": value} | {"text": value}:
            return said(value)
        case dict():
            return ", ".join(f"{name} {said(value)}" for name, value in outcome.items())
        case list():
            return "; ".join(map(said, outcome)) or "nothing"
        case None:
            return "nothing"
        case bool():
            return "yes" if outcome else "no"
    return str(outcome)
