"""BPMN 2.0 XML, as any modeller writes it, read to an executable process."""

from comptroller.adapters.bpmn_xml.reader import read

__all__ = ["read"]
