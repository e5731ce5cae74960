"""A place in a list of tokens, and the moves that every reader of FEEL text makes over it."""

from typing import Final, NoReturn

from comptroller.domain.feel.evaluation import one_line
from comptroller.domain.feel.lexer import Token, TokenKind
from comptroller.domain.kernel.fault import Fault

_PLAIN = frozenset({TokenKind.SYMBOL, TokenKind.WORD})


_REMEDIES: Final = {
    "FEEL-SYNTAX-04": "write it as `2026-03-27`, `08:00:00`, `2026-03-27T08:00:00Z`, `P1DT2H` or `P1Y2M`",
    "FEEL-SYNTAX-05": "a number has an exponent of at most 6144",
    "FEEL-SYNTAX-06": "give each a name of its own",
    "FEEL-SYNTAX-07": "write the function in FEEL",
    "FEEL-TYPE-05": "name a type of FEEL, such as `number` or `list<string>`, or one that the model defines",
    "FEEL-LIMIT-02": "split it into several decisions",
}
"""What to do about each sort of fault; what should stand in its place is a part of a syntax fault's message."""


class SyntaxFault(Exception):
    """Leaves the reading of a text with what is wrong; caught where the reading began."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Cursor:
    """The tokens of one text and the place reached."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.place]

    def at(self, *texts: str, ahead: int = 0) -> bool:
        """Say whether one of these words or symbols stands here, or some tokens ahead."""
        token = self.tokens[min(self.place + ahead, len(self.tokens) - 1)]
        return token.text in texts and token.kind in _PLAIN

    def at_end(self) -> bool:
        """Say whether everything has been read."""
        return self.token.kind is TokenKind.END

    def take(self) -> Token:
        """Move past the next token; the end is never passed."""
        token = self.token
        if token.kind is not TokenKind.END:
            self.place += 1
        return token

    def accept(self, text: str) -> bool:
        """Move past this word or symbol if it stands here."""
        if self.at(text):
            self.place += 1
            return True
        return False

    def expect(self, *texts: str) -> Token:
        """Move past one of these words or symbols; anything else is a fault."""
        if not self.at(*texts):
            self.unexpected(" or ".join(f"`{text}`" for text in texts))
        return self.take()

    def continues(self, closing: str, *, begun: bool) -> bool:
        """Move past the end of a list in brackets (and say no), or past the comma before its next part."""
        if self.accept(closing):
            return False
        if begun and not self.accept(","):
            self.unexpected(f"`,` or `{closing}`")
        return True

    def unexpected(self, wanted: str) -> NoReturn:
        """End the reading: this is not what should stand here."""
        token = self.token
        found = "the end" if token.kind is TokenKind.END else f"`{token.text[:40]}`"
        self.fail("FEEL-SYNTAX-01", token.at, f"found {found} where {wanted} should stand")

    def fail(self, code: str, at: int, message: str) -> NoReturn:
        """End the reading with a fault."""
        raise SyntaxFault(Fault(code, f"offset {at}", one_line(message), by="feel", help=_REMEDIES.get(code, "")))

    def written(self, start: int) -> str:
        """Give the text from a token up to the place reached, its spaces made single."""
        return " ".join(self.text[self.tokens[start].at : self.tokens[self.place - 1].end].split())
