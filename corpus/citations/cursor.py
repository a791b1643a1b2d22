"""Walk over the tokens of a text."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.citations.tokens import NUMBER_WORDS, Token, tokenize
from corpus.laws import Laws


class Cursor:
    """A position in the tokens of one text."""

    def __init__(self, text: str, laws: Laws) -> None:
        self.text = text
        self.laws = laws
        self.tokens: Sequence[Token] = tokenize(text, laws)
        self.at = 0

    def kind(self, ahead: int = 0) -> str:
        """Kind of the token here or some tokens ahead; "" behind the last one."""
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def take(self) -> Token:
        """The token here; moves on."""
        token = self.tokens[self.at]
        self.at += 1
        return token

    def adjacent(self) -> bool:
        """Whether only blanks stand between the last token and the next."""
        gap = self.text[self.tokens[self.at - 1].end : self.tokens[self.at].start]
        return not gap.strip() and "\n" not in gap

    def joined(self, end: int) -> bool:
        """Whether the next token follows offset ``end`` without a bracket or other sign between."""
        if self.at >= len(self.tokens):
            return False
        gap = self.text[max(end, self.tokens[self.at - 1].end) : self.tokens[self.at].start]
        return not gap.strip(" ,\u00a0\n")

    def is_year(self) -> bool:
        """Without a § a number of four digits is a year: "AufenthG 2004"."""
        return len(self.tokens[self.at].text) > 3 and self.tokens[self.at].text.isdigit()

    def number(self) -> str | None:
        """Take a number in digits or words; None if there is none here."""
        kind = self.kind()
        if kind == "NUM":
            return self.take().text.lower()
        if kind == "NUMBERWORD":
            return NUMBER_WORDS[self.take().text.lower()]
        return None
