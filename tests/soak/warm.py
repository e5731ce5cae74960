"""What every fork has from the process it comes from: the product imported, and the policies of the soaks compiled.

Only the server of forks imports this module (`processes.Victim`). Starting Python, importing and compiling takes
seconds on a busy machine; a fork of a process that has done it takes a fraction of one.
"""

import gc

import httpcore2  # noqa: F401 - imported by the connector's client when it is made
import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.protocols.http.auto  # noqa: F401 - imported by the web server when it runs
from bench.company import PACK
from tests.soak.processes import compiled
from tests.soak.waiting import waiting_pack

from comptroller.bootstrap import pack_files

for files in (pack_files(PACK), waiting_pack()):
    compiled(files)
gc.freeze()  # forks share what is there
