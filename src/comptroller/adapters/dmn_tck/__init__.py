"""Test files of the OMG's DMN Technology Compatibility Kit, and the models that lie beside them."""

from comptroller.adapters.dmn_tck.models import Models
from comptroller.adapters.dmn_tck.reading import Case, Expectation, TestFile, Unread, test_files

__all__ = ["Case", "Expectation", "Models", "TestFile", "Unread", "test_files"]
