"""How far a change of policy has come, as the pages tell it."""

from collections.abc import Iterable
from typing import Final

from comptroller.application.presenting.words import Names
from comptroller.application.releasing.states import PolicyState, Reached
from comptroller.application.views.case import StateView
from comptroller.application.views.standing import Standing

STANDING_OF_STATE: Final = {
    PolicyState.DRAFT: Standing.NEUTRAL,
    PolicyState.PROPOSED: Standing.NEUTRAL,
    PolicyState.CHECKED: Standing.WAITING,
    PolicyState.SIGNED: Standing.PASSED,
    PolicyState.SCHEDULED: Standing.NOTED,
    PolicyState.IN_FORCE: Standing.PASSED,
    PolicyState.SUPERSEDED: Standing.NEUTRAL,
    PolicyState.ROLLED_BACK: Standing.STOPPED,
    PolicyState.SENT_BACK: Standing.STOPPED,
    PolicyState.REFUSED: Standing.STOPPED,
    PolicyState.WITHDRAWN: Standing.NEUTRAL,
}


def state_views(names: Names, states: Iterable[Reached]) -> tuple[StateView, ...]:
    """Each state with the names of who brought it there; a check that was passed waits for nobody any more."""
    return tuple(
        StateView(
            each.state.value.capitalize(),
            Standing.PASSED if each.state is PolicyState.CHECKED and not each.told else STANDING_OF_STATE[each.state],
            each.since,
            tuple(names.person(person) for person in each.by),
            each.told,
            each.case_id,
        )
        for each in states
    )
