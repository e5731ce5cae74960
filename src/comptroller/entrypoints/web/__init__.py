"""The page: server-rendered, usable without script for reading and signing.

`pages` renders templates from views that the application fills, `routes` are its addresses; `static` holds one style
sheet and one small script; what comes from npm is copied to `static/vendor` by `npm run build` and not kept in the
repository.
"""

from comptroller.entrypoints.web.routes import add_pages

__all__ = ["add_pages"]
