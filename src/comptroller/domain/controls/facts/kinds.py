"""What a fact may be, and what the modules of facts share."""

from datetime import date
from decimal import Decimal

FactValue = None | bool | str | Decimal | date | list["FactValue"] | dict[str, "FactValue"]
"""What a fact may be: a subset of the values of FEEL."""

Facts = dict[str, FactValue]
