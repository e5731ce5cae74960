"""The templates that the product brings, in each of its languages; a tenant's own take their place."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from comptroller.domain.notices.kinds import NoticeKind


class Texts(NamedTuple):
    """The three texts of one notice."""

    subject: str
    text: str
    html: str


class _Words(NamedTuple):
    """The words that the texts of one language are put together from."""

    greeting: str
    asked: str  # of each kind of notice about a task
    due: str
    entity: str
    reason: str  # why somebody is reminded, or something goes up
    why: str
    open_case: str
    never_by_mail: str
    settings: str
    digest_subject: str
    digest_intro: str
    waiting_since: str
    overdue: str
    totals: str
    more: str
    open_queue: str
    rollback_subject: str
    rollback_intro: str


_EN: Final = _Words(
    greeting="Hello {{person}},",
    asked="Asked of you",
    due="Due",
    entity="Entity",
    reason="Why now",
    why="Why you",
    open_case="Open the case",
    never_by_mail="Opening the link shows the case. Nothing is decided by opening it, and nothing is asked by mail.",
    settings="What you are told, and how, you choose here",
    digest_subject="{{count}} waiting for you{{#overdue_count}}, {{overdue_count}} overdue{{/overdue_count}}",
    digest_intro="This waits for you",
    waiting_since="waiting for",
    overdue="overdue",
    totals="In all",
    more="and {{more}} more",
    open_queue="Open your queue",
    rollback_subject="The way back from a change of policy was proposed: ",
    rollback_intro="A change of policy does not do what was forecast. Who may sign is asked for the version before it",
)
_DE: Final = _Words(
    greeting="Guten Tag {{person}},",
    asked="Von Ihnen erbeten",
    due="Fällig",
    entity="Gesellschaft",
    reason="Warum jetzt",
    why="Warum Sie",
    open_case="Vorgang öffnen",
    never_by_mail="Der Link zeigt den Vorgang. Durch Öffnen wird nichts entschieden, per Mail wird um nichts gebeten.",
    settings="Was Ihnen wie mitgeteilt wird, wählen Sie hier",
    digest_subject="{{count}} für Sie offen{{#overdue_count}}, {{overdue_count}} überfällig{{/overdue_count}}",
    digest_intro="Das wartet auf Sie",
    waiting_since="wartet seit",
    overdue="überfällig",
    totals="Zusammen",
    more="und {{more}} weitere",
    open_queue="Zu Ihren Aufgaben",
    rollback_subject="Rückkehr von einer Regeländerung vorgeschlagen: ",
    rollback_intro="Eine Regeländerung wirkt nicht wie vorhergesagt. Die Fassung davor liegt zur Freigabe vor",
)

_ABOUT: Final = "{{number}}{{#supplier}}, {{supplier}}{{/supplier}}{{#amount}}, {{amount}}{{/amount}}"

_SUBJECTS: Final[Mapping[NoticeKind, tuple[str, str]]] = {
    NoticeKind.OFFERED: ("{{asked}}: ", "{{asked}}: "),
    NoticeKind.REMINDED: ("Reminder, due {{due}}: ", "Erinnerung, fällig {{due}}: "),
    NoticeKind.ESCALATED: ("Overdue, now with you: ", "Überfällig, jetzt bei Ihnen: "),
    NoticeKind.REASSIGNED: ("Passed on to you: ", "An Sie übergeben: "),
}


def _task_texts(words: _Words, subject: str) -> Texts:
    text = f"""{words.greeting}

{{{{number}}}}{{{{#supplier}}}}, {{{{supplier}}}}{{{{/supplier}}}}
{{{{#amount}}}}{{{{amount}}}}
{{{{/amount}}}}{words.entity}: {{{{entity}}}}
{words.asked}: {{{{asked}}}}{{{{#text}}}} - {{{{text}}}}{{{{/text}}}}
{{{{#reason}}}}{words.reason}: {{{{reason}}}}
{{{{/reason}}}}{{{{#why}}}}{words.why}: {{{{why}}}}
{{{{/why}}}}{words.due}: {{{{due}}}}

{words.open_case}: {{{{link}}}}

{words.never_by_mail}
{words.settings}: {{{{settings_link}}}}
"""
    html = f"""<p>{words.greeting}</p>
<p><strong>{{{{number}}}}</strong>{{{{#supplier}}}}, {{{{supplier}}}}{{{{/supplier}}}}
{{{{#amount}}}}<br><strong>{{{{amount}}}}</strong>{{{{/amount}}}}<br>{words.entity}: {{{{entity}}}}</p>
<p>{words.asked}: <strong>{{{{asked}}}}</strong>{{{{#text}}}}<br>{{{{text}}}}{{{{/text}}}}
{{{{#reason}}}}<br>{words.reason}: {{{{reason}}}}{{{{/reason}}}}
{{{{#why}}}}<br>{words.why}: {{{{why}}}}{{{{/why}}}}<br>{words.due}: {{{{due}}}}</p>
<p><a href="{{{{link}}}}">{words.open_case}</a></p>
<p><small>{words.never_by_mail}<br><a href="{{{{settings_link}}}}">{words.settings}</a></small></p>
"""
    return Texts(subject + _ABOUT, text, html)


def _rollback_texts(words: _Words) -> Texts:
    text = f"""{words.greeting}

{words.rollback_intro}.

{{{{number}}}}
{{{{#entity}}}}{words.entity}: {{{{entity}}}}
{{{{/entity}}}}{words.reason}: {{{{reason}}}}

{words.open_case}: {{{{link}}}}

{words.never_by_mail}
{words.settings}: {{{{settings_link}}}}
"""
    html = f"""<p>{words.greeting}</p>
<p>{words.rollback_intro}.</p>
<p><strong>{{{{number}}}}</strong>{{{{#entity}}}}<br>{words.entity}: {{{{entity}}}}{{{{/entity}}}}
<br>{words.reason}: {{{{reason}}}}</p>
<p><a href="{{{{link}}}}">{words.open_case}</a></p>
<p><small>{words.never_by_mail}<br><a href="{{{{settings_link}}}}">{words.settings}</a></small></p>
"""
    return Texts(f"{words.rollback_subject}{{{{number}}}}", text, html)


def _digest_texts(words: _Words) -> Texts:
    row = "{{number}}{{#supplier}}, {{supplier}}{{/supplier}}{{#amount}}, {{amount}}{{/amount}}"
    state = (
        f"{{{{asked}}}}, {words.waiting_since} {{{{age}}}}, {words.due.lower()} {{{{due}}}}"
        f"{{{{#overdue}}}} ({words.overdue}){{{{/overdue}}}}"
    )
    text = f"""{words.greeting}

{words.digest_intro}:
{{{{#waiting}}}}

- {row}
  {state}
  {{{{link}}}}
{{{{/waiting}}}}
{{{{#more}}}}{words.more}
{{{{/more}}}}{{{{#totals}}}}
{words.totals}: {{{{totals}}}}
{{{{/totals}}}}
{words.open_queue}: {{{{link}}}}

{words.never_by_mail}
{words.settings}: {{{{settings_link}}}}
"""
    html = f"""<p>{words.greeting}</p>
<p>{words.digest_intro}:</p>
<ul>
{{{{#waiting}}}}<li><a href="{{{{link}}}}">{row}</a><br>{state}</li>
{{{{/waiting}}}}</ul>
{{{{#more}}}}<p>{words.more}</p>{{{{/more}}}}
{{{{#totals}}}}<p>{words.totals}: {{{{totals}}}}</p>{{{{/totals}}}}
<p><a href="{{{{link}}}}">{words.open_queue}</a></p>
<p><small>{words.never_by_mail}<br><a href="{{{{settings_link}}}}">{words.settings}</a></small></p>
"""
    return Texts(words.digest_subject, text, html)


def _texts(kind: NoticeKind, place: int, words: _Words) -> Texts:
    match kind:
        case NoticeKind.ROLLBACK:
            return _rollback_texts(words)
        case NoticeKind.DIGEST:
            return _digest_texts(words)
        case _:
            return _task_texts(words, _SUBJECTS[kind][place])


DEFAULTS: Final[Mapping[tuple[NoticeKind, str], Texts]] = {
    (kind, language): _texts(kind, place, words)
    for place, (language, words) in enumerate((("en", _EN), ("de", _DE)))
    for kind in NoticeKind
}
"""The product's own, by kind and language."""
