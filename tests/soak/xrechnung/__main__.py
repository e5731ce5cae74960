"""Submit the whole XRechnung test suite over HTTP and take every document to the end, as a company would.

A server and a worker run as processes of their own; the postings go to the receiver of the soaks, which misbehaves.
The master data that a document names is brought in first, then all documents are submitted, then scripted people answer
what stands in their queues until no case waits. In the end: nothing acknowledged is lost, every document has ended, the
journals balance and say what the XML says, every posting was delivered, the audit log verifies.

    CONFORMANCE_DATA=../shared/data python -m tests.soak.xrechnung [--database-url postgresql://...] [--json]
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.soak.xrechnung.run import run

FOLDER = Path("einvoice") / "xrechnung_testsuite"


def main() -> None:
    """The command line of the soak."""
    parser = argparse.ArgumentParser(description="every XRechnung example to its end")
    parser.add_argument("--budget", type=float, default=600, help="seconds within which every case must have ended")
    parser.add_argument("--database-url", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    kit = Path(os.environ.get("CONFORMANCE_DATA", "../shared/data")) / FOLDER
    if not kit.is_dir():
        sys.exit(f"`{kit}` is not here: name the folder of the kits with CONFORMANCE_DATA")
    with tempfile.TemporaryDirectory() as folder:
        result = run(kit=kit, budget=options.budget, database_url=options.database_url, home=Path(folder))
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for name, value in result.items():
            sys.stdout.write(f"{name:<18} {value}\n")
    sys.exit(1 if result["violations"] else 0)


if __name__ == "__main__":
    main()
