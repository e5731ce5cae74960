"""The one command line. Every command that prints facts prints them as JSON with `--json`.

Exit codes: 0 done; 1 the answer is no (faults found, log not whole); 2 wrong use; 3 refused by policy or rights;
4 not there; 5 try again later.
"""

from comptroller.entrypoints.cli.app import main

__all__ = ["main"]
