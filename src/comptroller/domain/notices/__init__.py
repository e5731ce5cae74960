"""What people are told outside the page: kinds of notices, their templates, and what must never be in one."""

from comptroller.domain.notices.defaults import DEFAULTS
from comptroller.domain.notices.html import html_faults
from comptroller.domain.notices.kinds import LANGUAGES, SAMPLE, VOCABULARY, Fields, NoticeKind
from comptroller.domain.notices.masking import HIDDEN_ACCOUNT, without_accounts
from comptroller.domain.notices.template import Template, read_template

__all__ = [
    "DEFAULTS",
    "HIDDEN_ACCOUNT",
    "LANGUAGES",
    "SAMPLE",
    "VOCABULARY",
    "Fields",
    "NoticeKind",
    "Template",
    "html_faults",
    "read_template",
    "without_accounts",
]
