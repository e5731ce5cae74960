"""Logs of every form become the same cases; what is no log says why."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from comptroller.adapters.event_logs import UnreadableLog, open_log
from comptroller.domain.controls.conformance import LogCase, LogProcess, read_process

DEVIATION = {"kind": "k", "clause": "C", "owner": "o", "text": "t", "event": ["order"]}


def process() -> LogProcess:
    found, _ = read_process(
        {
            "steps": {"order": ["Order"]},
            "csv": {
                "case": ["case:concept:name", "case key"],
                "activity": ["concept:name"],
                "time": ["time:timestamp", "eventtime"],
                "dates": ["DD.MM.YYYY"],
            },
            "objects": {"case": ["PO"], "linked": ["Invoice"]},
            "deviation": [DEVIATION],
        }
    )
    assert found is not None
    return found


def read(path: Path) -> list[LogCase]:
    with open_log(path, process()) as cases:
        return list(cases)


def told(path: Path) -> list[tuple[str, list[str]]]:
    return [(case.id, [f"{event.ref} {event.activity}" for event in case.events]) for case in read(path)]


XES = b"""<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
<string key="concept:name" value="The log"/>
<trace><string key="concept:name" value="c1"/><string key="Vendor" value="v"/>
<event><string key="concept:name" value="Pay"/><date key="time:timestamp" value="2026-03-02"/></event>
<event><string key="concept:name" value="Order"/><date key="time:timestamp" value="2026-03-01"/></event></trace>
<trace><event><string key="concept:name" value="Order"/></event></trace></log>"""

CSV = b"""case:concept:name,case:Vendor,concept:name,time:timestamp
c1,v,Pay,2026-03-02
c2,,Order,2026-03-01
c1,v,Order,2026-03-01
"""


def test_xes(tmp_path: Path) -> None:
    for content in (XES, gzip.compress(XES)):
        (tmp_path / "log").write_bytes(content)
        assert told(tmp_path / "log") == [("c1", ["2 Order", "1 Pay"]), ("2", ["1 Order"])]
        assert read(tmp_path / "log")[0].attributes["vendor"] == "v"


def test_csv_puts_the_rows_of_a_case_together(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(CSV)
    assert told(tmp_path / "log") == [("c1", ["row 4 Order", "row 2 Pay"]), ("c2", ["row 3 Order"])]
    assert read(tmp_path / "log")[0].attributes == {"conceptname": "c1", "vendor": "v"}


OBJECTS = {"PO1": "PO", "PO2": "PO", "I1": "Invoice", "M": "Material"}
EVENTS = [("e1", "Order", "2026-03-01", ["PO1", "M"]), ("e2", "Bill", "2026-03-02", ["PO1", "I1"]),
          ("e3", "Pay", "2026-03-03", ["I1"]), ("e4", "Order", "2026-03-04", ["PO2", "M"])]  # fmt: skip
EXPECTED = [("PO1", ["e1 Order", "e2 Bill", "e3 Pay"]), ("PO2", ["e4 Order"])]


def first_json() -> bytes:
    events = {r: {"ocel:activity": a, "ocel:timestamp": t, "ocel:omap": o, "ocel:vmap": {}} for r, a, t, o in EVENTS}
    objects = {name: {"ocel:type": kind, "ocel:ovmap": {}} for name, kind in OBJECTS.items()}
    return json.dumps({"ocel:global-log": {}, "ocel:events": events, "ocel:objects": objects}).encode()


def second_json() -> bytes:
    events = [
        {"id": r, "type": a, "time": t, "relationships": [{"objectId": name, "qualifier": ""} for name in o]}
        for r, a, t, o in EVENTS
    ]
    return json.dumps({"objects": [{"id": n, "type": k} for n, k in OBJECTS.items()], "events": events}).encode()


def xml() -> bytes:
    objects = "".join(f'<object id="{name}" type="{kind}"/>' for name, kind in OBJECTS.items())
    events = "".join(
        f'<event id="{r}" type="{a}" time="{t}"><objects>'
        + "".join(f'<relationship object-id="{name}" qualifier=""/>' for name in o)
        + "</objects></event>"
        for r, a, t, o in EVENTS
    )
    return f"<log><object-types/><objects>{objects}</objects><events>{events}</events></log>".encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(first_json(), id="JSON of the first version"),
        pytest.param(second_json(), id="JSON of the second"),
        pytest.param(xml(), id="XML"),
    ],
)
def test_object_centric(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(content)
    assert told(tmp_path / "log") == EXPECTED


def test_object_centric_in_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "log") as connection:
        connection.executescript(
            "CREATE TABLE object (ocel_id, ocel_type); CREATE TABLE event (ocel_id, ocel_type);"
            "CREATE TABLE object_map_type (ocel_type, ocel_type_map);"
            "CREATE TABLE event_map_type (ocel_type, ocel_type_map);"
            "CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier);"
            "CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);"
        )
        connection.executemany("INSERT INTO object VALUES (?, ?)", OBJECTS.items())
        for kind in dict.fromkeys(event[1] for event in EVENTS):
            connection.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, f'{kind}"x'))
            connection.execute(f'CREATE TABLE "event_{kind}""x" (ocel_id, ocel_time, who)')
        for ref, kind, time, objects in EVENTS:
            connection.execute(f'INSERT INTO "event_{kind}""x" VALUES (?, ?, ?)', (ref, time, "a"))
            connection.executemany("INSERT INTO event_object VALUES (?, ?, '')", [(ref, name) for name in objects])
    connection.close()
    assert told(tmp_path / "log") == EXPECTED


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(("2026-03-27T09:30:00-08:00", "2026-03-27T10:00:00+00:00"), id="offsets"),
        pytest.param(("02.04.2026 9:05", "31.03.2026 10:00"), id="a form of the process"),
        pytest.param(("2026/04/01 09:00:00.000", "2026/3/5"), id="the year first"),
        pytest.param(("2026-03-01 10:00", "2026-03-01T09:59:59Z"), id="with a zone and without"),
    ],
)
def test_events_stand_in_the_order_of_their_instants(tmp_path: Path, times: tuple[str, str]) -> None:
    later, earlier = times
    rows = f"case:concept:name,concept:name,time:timestamp\nc,Pay,{later}\nc,Order,{earlier}\n"
    (tmp_path / "log").write_text(rows)
    assert told(tmp_path / "log") == [("c", ["row 3 Order", "row 2 Pay"])]


@pytest.mark.parametrize(
    "heads", ["case concept:name,event concept:name,event time:timestamp", "_CASE_KEY,concept_name,EVENTTIME"]
)
def test_columns_are_known_however_they_are_written(tmp_path: Path, heads: str) -> None:
    (tmp_path / "log").write_text(f"{heads}\nc,Order,2026-03-01\n")
    assert told(tmp_path / "log") == [("c", ["row 2 Order"])]


def test_rows_that_are_no_events_are_told(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(
        "case:concept:name,concept:name,time:timestamp,User\nc,Order,2026-03-01\n\nc,Pay,03/27/2026,u\nc,Pay\nc,Pay,,u\n"
    )
    with open_log(tmp_path / "log", process()) as log:
        assert [event.ref for case in log for event in case.events] == ["row 2"]
    assert [(fault.code, fault.path) for fault in log.faults] == [
        ("CONTROL-LOG-09", "row 5"),
        ("CONTROL-LOG-08", "case `c`, row 4"),
        ("CONTROL-LOG-08", "case `c`, row 6"),
    ]


def test_what_starts_and_completes_is_one_event(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(
        "case:concept:name,concept:name,time:timestamp,lifecycle:transition\n"
        "c,Order,2026-03-01,start\nc,Order,2026-03-02,complete\nc,Pay,2026-03-03,start\n"
    )
    assert told(tmp_path / "log") == [("c", ["row 3 Order", "row 4 Pay"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(CSV.replace(b"Pay", b'"Pay', 1), "CONTROL-LOG-11", id="a quote that does not close"),
        pytest.param(b"<log><trace>", "CONTROL-LOG-01", id="broken XML"),
        pytest.param(b"{", "CONTROL-LOG-01", id="broken JSON"),
        pytest.param(b'{"a": 1}', "CONTROL-LOG-01", id="other JSON"),
        pytest.param(b"SQLite format 3\0", "CONTROL-LOG-01", id="a broken database"),
        pytest.param(b'<!DOCTYPE log [<!ENTITY a "b">]><log/>', "CONTROL-LOG-02", id="a DOCTYPE"),
        pytest.param(b"<log/>", "CONTROL-LOG-03", id="no trace"),
        pytest.param(b"who,what\n1,2\n", "CONTROL-LOG-04", id="columns that tell no case"),
        pytest.param(b"", "CONTROL-LOG-04", id="nothing"),
        pytest.param(second_json().replace(b'"PO"', b'"Parcel"'), "CONTROL-LOG-06", id="no object makes a case"),
    ],
)
def test_what_is_no_log_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(UnreadableLog) as caught:
        told(tmp_path / "log")
    assert caught.value.fault.code == code
