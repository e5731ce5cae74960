"""DMN files, versions 1.1 to 1.5: XML bytes become `domain.decisions` definitions, or faults that say why; and back."""

from comptroller.adapters.dmn_xml.reading import read
from comptroller.adapters.dmn_xml.writing import write

__all__ = ["read", "write"]
