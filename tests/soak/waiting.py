"""The pack of the soak of faults: every invoice waits for a timer before policy looks at it."""

from collections.abc import Mapping
from typing import Final

from bench.company import PACK

from comptroller.bootstrap import pack_files

TIMER_S: Final = 2
"""Seconds that every case waits before it is posted."""

_WAITING: Final = (
    ('name="yes" sourceRef="readable" targetRef="again"', 'name="yes" sourceRef="readable" targetRef="settle"'),
    (
        """<bpmn:exclusiveGateway id="again">
      <bpmn:incoming>readable-yes</bpmn:incoming>""",
        f"""<bpmn:intermediateCatchEvent id="settle" name="Wait a little">
      <bpmn:incoming>readable-yes</bpmn:incoming>
      <bpmn:outgoing>settle-to-again</bpmn:outgoing>
      <bpmn:timerEventDefinition id="settle-timer">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT{TIMER_S}S</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="settle-to-again" sourceRef="settle" targetRef="again" />
    <bpmn:exclusiveGateway id="again">
      <bpmn:incoming>settle-to-again</bpmn:incoming>""",
    ),
)
"""Texts of the process and what stands for them."""


def waiting_pack() -> Mapping[str, bytes]:
    """The pack whose invoices wait for a timer."""
    files = pack_files(PACK)
    path = "processes/invoice.bpmn"
    text = files[path].decode()
    for before, after in _WAITING:
        assert before in text, before
        text = text.replace(before, after)
    return files | {path: text.encode()}
