"""An example out of a real case: a recorded decision as a situation that a pack can keep, its texts masked.

What is handed out has been read back and decided as the pack's own test would do it, so it passes there. Nothing
unmasked leaves: a decision that cannot do without a text is refused, with the facts that hold such texts by name.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.decision_record import is_same, read_record, read_value
from comptroller.application.queries import visible_case
from comptroller.application.records import DecisionRow
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.assessment import NOW
from comptroller.domain.packs.examples import examples_content, run_example
from comptroller.domain.packs.masking import policy_words
from comptroller.domain.packs.recording import Recorder


@dataclass(frozen=True, slots=True)
class RecordExample:
    """The example that a decision of a case makes: the latest of its name, or one by its entry in the case's story."""

    case_id: str
    decision: str
    seq: int = 0


def record_example(session: Session, command: RecordExample) -> dict[str, Any] | Refused:
    """A file of examples with the one situation."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    taken = [row for row in session.uow.decisions(case.case_id) if row.decision == command.decision]
    row = next((row for row in reversed(taken) if command.seq in {0, row.seq}), None)
    if row is None:
        text = f"no decision `{command.decision[:80]}` was taken on the case, or not in that entry"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "POLICY-EXAMPLE-01", text))
    made = _recorded(session, row)
    return Refused(made) if isinstance(made, Rejection) else made


def _recorded(session: Session, row: DecisionRow) -> dict[str, Any] | Rejection:
    environment, record = session.environment, read_record(row)
    packs, policies = environment.packs, environment.policies
    model = policies.version(session.uow, record["policy"]).models[row.decision]
    inputs = {name: read_value(value) for name, value in record["inputs"].items()}
    if not is_same(row, model.decide(row.decision, inputs, NOW)):
        text = "the decision looks at the clock, and a pack's examples are all decided at one moment"
        return Rejection(RejectionKind.CONFLICT, "POLICY-EXAMPLE-02", text, help=_BY_HAND)
    words = policy_words(packs.version(session.uow, record["policy"]).definitions.values())
    found = Recorder(model, words, NOW).record(row.decision, inputs)
    if isinstance(found, Rejection):
        return found
    try:
        content = _HEAD + packs.write_examples(examples_content(row.decision, [found.situation]))
    except ValueError as error:
        return Rejection(RejectionKind.CONFLICT, "POLICY-EXAMPLE-05", str(error), help=_BY_HAND)
    read, faults = packs.read_examples("recorded.yaml", content.encode())
    if faults or any(run_example(each, model, NOW) for each in read):
        text = "written into a file and read back, the situation comes out otherwise"
        return Rejection(RejectionKind.CONFLICT, "POLICY-EXAMPLE-05", text, help=_BY_HAND)
    return {
        "case_id": row.case_id,
        "seq": row.seq,
        "decision": row.decision,
        "title": found.situation.title,
        "facts": sorted(found.situation.inputs),
        "masked": found.masked,
        "yaml": content,
    }


_BY_HAND: Final = "write the situation by hand"

_HEAD: Final = (
    "# Recorded from a case, masked. Read it, give it a title of yours, and keep it if it says what should be.\n"
)
