"""What people said about a case, and what they put beside it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question about a task: who asked whom what, and what came of it."""

    asked_by: str
    asked_of: str
    asked_at: datetime
    text: str
    answer: str = ""
    answered_at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommentView:
    """Words that somebody put beside a case."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file that somebody put beside a case."""

    name: str
    digest: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TalkView:
    """What people said about a case."""

    questions: tuple[QuestionView, ...] = ()
    comments: tuple[CommentView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    may_add: bool = False

    @property
    def count(self) -> int:
        """How many things were said or put here."""
        return len(self.questions) + len(self.comments) + len(self.attachments)
