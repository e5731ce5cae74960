"""DMN files, versions 1.1 to 1.5: XML bytes become `domain.decisions` definitions, or faults that say why not."""

from comptroller.adapters.dmn_xml.reading import read

__all__ = ["read"]
