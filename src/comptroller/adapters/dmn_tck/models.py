"""Finding a test's model, and the models it imports, among those in its directory.

Imports name a namespace, not a file; so the models of a directory are looked up by namespace, and only those that the
wanted one reaches are taken: a directory may hold models that have nothing to do with each other.
"""

from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from comptroller.adapters import dmn_xml
from comptroller.domain.decisions import Definitions


class Models:
    """The models of one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def find(self, name: str, test: Path) -> Path | None:
        """The file of a model that a test names, as written or with its blanks encoded.

        Where it names none it is the one whose name begins the test's, or the only one there is.
        """
        for written in dict.fromkeys((name, unquote(name), f"{name}.dmn") if name else ()):
            path = self._directory / Path(written.replace("\\", "/")).name
            if path.is_file():
                return path
        if name:
            return None
        named = [path for path in self._files if test.stem.startswith(path.stem)]
        found = max(named, key=lambda path: len(path.stem), default=None)
        return self._files[0] if found is None and len(self._files) == 1 else found

    def imported(self, model: Path) -> list[Path]:
        """The models that a model imports, directly or not."""
        own = self._definitions.get(model)
        wanted = [] if own is None else [item.namespace for item in own.imports]
        found: list[Path] = []
        while wanted:
            namespace = wanted.pop()
            for path, definitions in self._definitions.items():
                if definitions.namespace == namespace and path not in found:
                    found.append(path)
                    wanted += [item.namespace for item in definitions.imports]
                    break
        return found

    @cached_property
    def _files(self) -> list[Path]:
        return sorted(path for path in self._directory.glob("*.dmn") if path.is_file())

    @cached_property
    def _definitions(self) -> dict[Path, Definitions]:
        read = {path: dmn_xml.read(path.read_bytes())[0] for path in self._files}
        return {path: definitions for path, definitions in read.items() if definitions is not None}
