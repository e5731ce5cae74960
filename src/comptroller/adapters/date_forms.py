"""Forms of dates as people write them (`DD/MM/YYYY`), for `strptime`."""

import re
from typing import Final

_PARTS: Final = {"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "DD": "%d"}
_PART: Final = re.compile("|".join(_PARTS))


def date_form(form: str) -> str:
    """A form of dates as `strptime` reads it; one with a percent sign is one already.

    >>> date_form("DD/MM/YYYY"), date_form("%d.%m.%y")
    ('%d/%m/%Y', '%d.%m.%y')
    """
    return form if "%" in form else _PART.sub(lambda part: _PARTS[part[0]], form)
