"""Who holds duties that belong apart, as a table beside the people."""

from comptroller.application.people.held_together import held_together
from comptroller.application.presenting.words import Names
from comptroller.application.session import Session
from comptroller.application.views.forms import CellText, TableView


def held_together_tables(session: Session, names: Names) -> tuple[TableView, ...]:
    """Who holds duties that belong apart, where anybody does: by roles that they had before it was said so."""
    found = held_together(session.uow, session.policy.apart)
    rows = tuple(
        (
            CellText(person.name, href=f"/people/{person.id}"),
            CellText(" and ".join(each.duties)),
            CellText("; ".join(" and ".join(names.role(role) for role in roles) for roles in each.by)),
            CellText(f"{each.what} ({each.rule})"),
        )
        for person, each in found
    )
    columns = ("Who", "Duties", "By the roles", "What could come of it")
    return (TableView("Hold duties that belong apart", columns, rows),) if rows else ()
