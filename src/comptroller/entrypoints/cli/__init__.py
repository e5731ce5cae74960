"""The one command line. Every command that prints facts prints them as JSON with `--json`.

Whatever goes wrong ends in one coded sentence and an exit code of `output.Exit`, never in a stack of our calls. That
holds for the base install too, which has the decision engine and none of the libraries that a command line needs.
"""

import gc
import sys


def main() -> None:
    """Run the command line, or say what is not installed.

    What is loaded stays: to look through it for what nobody holds any more takes a third of the start, and time later.
    """
    gc.disable()
    try:
        from comptroller.entrypoints.cli.app import main as run  # noqa: PLC0415 - the base install cannot load it
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] == "comptroller":
            raise
        text = f"the command line needs the whole platform, and `{missing.name}` is not installed"
        sys.exit(f'INSTALL-PLATFORM-01: {text}; run `pip install "comptroller[platform]"`')
    gc.freeze()
    gc.enable()
    run()
