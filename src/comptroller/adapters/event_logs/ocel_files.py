"""The formats of object-centric logs: JSON of OCEL 1.0 and 2.0, XML and SQLite of OCEL 2.0.

# SOURCE: OCEL 2.0 specification (2023), sections on the relational, XML and JSON formats.
"""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from comptroller.adapters.event_logs.ocel import ObjectLog
from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogEvent, folded

JSON_BYTES_MAX: Final = 512 * 1024**2
"""An object-centric log in JSON is held whole."""


def from_json(file: IO[bytes]) -> ObjectLog:
    """Read JSON of either version."""
    data = file.read(JSON_BYTES_MAX + 1)
    if len(data) > JSON_BYTES_MAX:
        raise UnreadableLog("CONTROL-LOG-05", f"the log has more than {JSON_BYTES_MAX} bytes", "give it as SQLite")
    try:
        content = json.loads(data)
        return _first_version(content) if "ocel:events" in content else _second_version(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"the file is no object-centric log: {type(error).__name__} {error}"
        raise UnreadableLog("CONTROL-LOG-01", message, "export it anew") from None


def _first_version(content: Any) -> ObjectLog:
    log = ObjectLog()
    for name, told in content["ocel:objects"].items():
        _add_object(log, name, told["ocel:type"], told.get("ocel:ovmap", {}).items())
    for ref, told in content["ocel:events"].items():
        _add_event(
            log,
            ref,
            told["ocel:activity"],
            told["ocel:timestamp"],
            told.get("ocel:vmap", {}).items(),
            told["ocel:omap"],
        )
    return log


def _second_version(content: Any) -> ObjectLog:
    log = ObjectLog()
    for told in content["objects"]:
        _add_object(log, told["id"], told["type"], [(a["name"], a["value"]) for a in told.get("attributes", ())])
        log.links += [(told["id"], link["objectId"]) for link in told.get("relationships", ())]
    for told in content["events"]:
        attributes = [(a["name"], a["value"]) for a in told.get("attributes", ())]
        objects = [link["objectId"] for link in told.get("relationships", ())]
        _add_event(log, told["id"], told["type"], told["time"], attributes, objects)
    return log


def from_xml(file: IO[bytes]) -> ObjectLog:
    """Read XML of OCEL 2.0, element by element."""
    log = ObjectLog()
    walk = etree.iterparse(
        file, events=("end",), tag=("{*}object", "{*}event"), resolve_entities=False, load_dtd=False, no_network=True
    )
    for _, element in walk:
        if element.getroottree().docinfo.internalDTD is not None:
            raise UnreadableLog(
                "CONTROL-LOG-02", "the log declares a DOCTYPE", "remove it: entities are never expanded"
            )
        name, kind = element.get("id"), element.get("type")
        if name is None or kind is None:  # a reference to an object, within another element
            continue
        attributes = [
            (item.get("name", ""), item.text or "") for item in element.iterfind("{*}attributes/{*}attribute")
        ]
        shared = [
            item.get("object-id") or item.get("id") or ""
            for way in ("{*}objects/{*}object", "{*}objects/{*}relationship", "{*}relationships/{*}relationship")
            for item in element.iterfind(way)
        ]
        if etree.QName(element).localname == "object":
            _add_object(log, name, kind, attributes)
            log.links += [(name, other) for other in shared]
        else:
            _add_event(log, name, kind, element.get("time", ""), attributes, shared)
        element.clear()
    return log


def from_sqlite(path: Path) -> ObjectLog:
    """Read a database of OCEL 2.0; it is opened for reading only."""
    log = ObjectLog()
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            connection.row_factory = sqlite3.Row
            _read_database(connection, log)
        finally:
            connection.close()
    except (sqlite3.Error, IndexError) as error:
        raise UnreadableLog(
            "CONTROL-LOG-01", f"the database is no object-centric log: {error}", "export it anew"
        ) from None
    return log


def _read_database(connection: sqlite3.Connection, log: ObjectLog) -> None:
    for row in connection.execute("SELECT ocel_id, ocel_type FROM object"):
        log.kinds[str(row[0])] = str(row[1])
    for kind, table in connection.execute("SELECT ocel_type, ocel_type_map FROM object_map_type"):
        for row in _rows(connection, f"object_{table}"):
            told = {key: row[key] for key in row.keys() if not key.startswith("ocel_")}  # noqa: SIM118 - a row is no mapping
            _add_object(log, str(row["ocel_id"]), str(kind), told.items())
    log.links += [
        (str(one), str(other))
        for one, other in connection.execute("SELECT ocel_source_id, ocel_target_id FROM object_object")
    ]
    shared: dict[str, list[str]] = {}
    for event, name in connection.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
        shared.setdefault(str(event), []).append(str(name))
    for kind, table in connection.execute("SELECT ocel_type, ocel_type_map FROM event_map_type"):
        for row in _rows(connection, f"event_{table}"):
            told = {key: row[key] for key in row.keys() if not key.startswith("ocel_")}  # noqa: SIM118 - a row is no mapping
            ref = str(row["ocel_id"])
            _add_event(log, ref, str(kind), str(row["ocel_time"]), told.items(), shared.get(ref, []))


def _rows(connection: sqlite3.Connection, table: str) -> Iterable[sqlite3.Row]:
    quoted = table.replace('"', '""')
    return connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a quoted name of the file's own


def _add_object(log: ObjectLog, name: str, kind: str, attributes: Iterable[tuple[Any, Any]]) -> None:
    log.kinds[name] = kind
    told = log.attributes.setdefault(name, {})
    told.update((folded(str(key)), str(value)) for key, value in attributes if value is not None)


def _add_event(
    log: ObjectLog, ref: str, kind: str, time: str, attributes: Iterable[tuple[Any, Any]], objects: Iterable[str]
) -> None:
    told = {folded(str(key)): str(value) for key, value in attributes if value not in {None, ""}}
    log.events.append((LogEvent(ref, kind, time, told), tuple(objects)))
