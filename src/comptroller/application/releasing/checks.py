"""What is found out of a version before it is proposed: whether it compiles, what it changes of the one in force.

Each is asked of the session's groundwork, under the hashes of the bytes that it is of.
"""

from collections.abc import Mapping

from comptroller.application.policy import Policy
from comptroller.application.session import Session
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs import content_hash
from comptroller.domain.packs.assessment import Assessment


def compiled(session: Session, files: Mapping[str, bytes]) -> Policy | tuple[Fault, ...]:
    """The files of a pack as a version that can be asked, or what is wrong with them."""
    policies = session.environment.policies
    return session.groundwork.of(("compiled", content_hash(files)), lambda: policies.compile(files))


def assessed(session: Session, base: Mapping[str, bytes], candidate: Mapping[str, bytes]) -> Assessment:
    """A candidate held against the version that it is to take the place of."""
    pair = content_hash(base), content_hash(candidate)
    return session.groundwork.of(("assessed", *pair), lambda: session.environment.packs.assess(base, candidate))
