"""The examples of a page of documentation: blocks of Python as a session, blocks of a console as commands.

Run as a program it checks a page's Python with nothing but the standard library, the examples' directory being the
current one; so the base install is tested by the same page.
"""

import doctest
import re
import sys
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> Iterator[str]:
    """The blocks of a page in one language."""
    for found, text in BLOCK.findall(page):
        if found == language:
            yield text


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Each command of the console blocks with what it prints."""
    for block in blocks(page, "console"):
        for call in block.removeprefix("$ ").split("\n$ "):
            command, _, printed = call.partition("\n")
            yield command, printed.rstrip("\n")


def check_python(page: Path) -> tuple[int, int]:
    """Run a page's Python as one session: how many examples failed, of how many."""
    session = "\n".join(blocks(page.read_text(encoding="utf-8"), "python"))
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    return runner.failures, runner.tries


if __name__ == "__main__":
    failed, tried = check_python(Path(sys.argv[1]))
    foreign = sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"__main__"})
    sys.stdout.write(f"{failed} of {tried} failed; {' '.join(foreign)}\n")
    own = (name for name in sys.modules if name.startswith("comptroller."))
    sys.stdout.write(" ".join(sorted({name.split(".")[1] for name in own})) + "\n")
