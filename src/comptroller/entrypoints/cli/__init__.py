"""The one command line. Every command that prints facts prints them as JSON with `--json`.

Whatever goes wrong ends in one coded sentence and an exit code of `output.Exit`, never in a stack of our calls.
"""

from comptroller.entrypoints.cli.app import main

__all__ = ["main"]
