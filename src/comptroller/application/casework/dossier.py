"""What a case remembers beside the state of its process: who did what, what is signed, what is taken from balances."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class SignatureGiven:
    """A person's approval of one step, bound to the hash of the fields that the person was shown (INVARIANT 5)."""

    step: str
    person: str
    content_hash: str
    at: str
    opened: bool = False  # the person had the document before them
    stands_for: str = ""  # who is away and stood in for
    shown: str = ""  # commitment of the fields that the person was shown
    chain: tuple[str, ...] = ()  # by whose delegation, the first being whose authority it is

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whose signature it is: who gave it, and by whose delegation."""
        return (self.person, *self.chain)


@dataclass(slots=True)
class Dossier:
    """The case's own memory; changed only by `CaseRun` and the services, stored with the case."""

    requester: str = ""
    enterer: str = ""
    signatures: list[SignatureGiven] = field(default_factory=list)
    against: list[SignatureGiven] = field(
        default_factory=list
    )  # noes that others may outvote: they count as no signature
    cleared: list[str] = field(default_factory=list)  # cases that an authorised person compared: no duplicates
    reserved: dict[str, int] = field(default_factory=dict)  # balance -> millionths taken
    findings: list[dict[str, Any]] = field(default_factory=list)  # the last disposition's exceptions
    disposition: str = ""
    reasons: list[dict[str, str]] = field(default_factory=list)  # code, text
    payment_block: str = ""
    content_hash: str = ""
    journal: str = ""
    decided: dict[str, int] = field(default_factory=dict)  # decision -> entry that holds it in force
    waits_for: str = ""  # the party, as the last milestone of the kind `waiting` says it
    transcribed: str = ""  # the original that a person keyed or corrected: in force is what was keyed beside it
    keyers: list[str] = field(default_factory=list)  # who keyed: none of them signs
    arrival: dict[str, Any] = field(default_factory=dict)  # how the document came in
    breaches: list[str] = field(default_factory=list)  # classes of attempts that were told
    accepted: list[dict[str, str]] = field(default_factory=list)  # variances, with who accepted them on what
    short_paid: list[dict[str, str]] = field(default_factory=list)  # differences that are claimed back
    response: dict[str, Any] = field(default_factory=dict)  # what the supplier is told: status, codes, whether at all
    effects: list[str] = field(default_factory=list)  # services that have done what nobody takes back
    outcome_before: str = ""  # what the row said before the case was stuck or suspended
    proposal: dict[str, Any] = field(default_factory=dict)  # of an order change: the proposed record
    begun: dict[str, Any] = field(default_factory=dict)  # what began it, where nobody handed anything in
    earlier: list[str] = field(default_factory=list)  # policy versions that the case ran by before it was taken over

    @property
    def people(self) -> set[str]:
        """Who requested the case, entered or keyed it."""
        return {self.requester, self.enterer, *self.keyers} - {""}

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values, leaving out what is empty."""
        body = {name: value for name in _FIELDS if (value := getattr(self, name))}
        for name in _GIVEN & body.keys():
            body[name] = [asdict(given) for given in body[name]]
        return body

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Dossier":
        """Read what `to_json` wrote."""
        read = {name: [_given(each) for each in body[name]] for name in _GIVEN & body.keys()}
        return cls(**{**body, **read})


def _given(body: dict[str, Any]) -> SignatureGiven:
    return SignatureGiven(**{**body, "chain": tuple(body.get("chain", ()))})


_GIVEN: Final = {"signatures", "against"}

_FIELDS: Final = tuple(each.name for each in fields(Dossier))
