"""Read what stands below a §: Absatz, Satz, Nummer, Buchstabe, in lists and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpus.citations.cursor import Cursor
from corpus.citations.tokens import ROMAN

LEVELS = {"ABS": "absatz", "SATZ": "satz", "NR": "nummer", "BST": "buchstabe"}
"""Token -> level of a place."""
DEEPER = {
    "absatz": ("satz", "nummer", "buchstabe"),
    "satz": ("nummer", "buchstabe"),
    "nummer": ("buchstabe",),
    "buchstabe": (),
}
"""Level -> levels below it."""
_ANNEX_LABEL = re.compile(r"\s+([A-Z]?\d+[a-z]?|[A-Z]|[IVX]+)(?!\w)")
_ANNEX_NORM = re.compile(r"\s*\(zu §§? [^)]*\)")
_HIGHEST_PART = 30


def _leading(number: str) -> int:
    """The digits that a number begins with, 0 without any."""
    match = re.match(r"\d+", number)
    return int(match.group()) if match else 0


@dataclass(slots=True)
class Place:
    """A place under construction."""

    start: int
    end: int
    number: str | None
    number_to: str | None = None
    open_ended: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    law: str | None = None
    law_written: str | None = None


class PlaceReader(Cursor):
    """Reads places of norms from the position of the cursor."""

    def annex(self) -> list[Place]:
        """Read "Anlage", "Anlage D14a" or "Anlage (zu § 28)" and what stands below."""
        token = self.take()
        match = _ANNEX_LABEL.match(self.text, token.end)
        end = match.end() if match else token.end
        number = f"Anlage {match.group(1)}" if match else "Anlage"
        while self.at < len(self.tokens) and self.tokens[self.at].start < end:
            self.at += 1
        belongs = _ANNEX_NORM.match(self.text, end)
        if belongs and not match:
            number, end = f"Anlage {belongs.group().strip()}", belongs.end()
            while self.at < len(self.tokens) and self.tokens[self.at].start < end:
                self.at += 1
        place = Place(token.start, end, number)
        return [place, *self.below(place, plural=False)]

    def norms(self, start: int, prefix: str, *, plural: bool) -> list[Place]:
        """Norm numbers in a list, each with what stands below it."""
        places: list[Place] = []
        while True:
            number = self.number()
            if number is None:
                return places
            token = self.tokens[self.at - 1]
            begin = start if not places else token.start
            place = Place(begin, token.end, prefix + self._with_letter(number))
            place.end = self.tokens[self.at - 1].end
            self._range(place, "number")
            places.append(place)
            if self.kind() == "FF":
                place.open_ended = True
                place.end = self.take().end
            places += self.below(place, plural=plural)
            if not self._next_in_list(places[-1], plural=plural):
                return places

    def _next_in_list(self, last: Place, *, plural: bool) -> bool:
        """Step over the comma to another norm number, if one follows ("§§ 16b, 16c")."""
        if self.kind() != "AND" or self.kind(1) != "NUM":
            return False
        if last.parts and not plural:
            return False
        self.at += 1
        return True

    def _with_letter(self, number: str) -> str:
        """Read "25 b AufenthG" as 25b, but not "5 a)"."""
        follows = self.kind(1) in ("LAW", "ABS", "SATZ", "ROMAN")
        if number.isdigit() and self.kind() == "LETTER" and follows:
            letter = self.tokens[self.at].text
            if len(letter) == 1:
                self.at += 1
                return number + letter
        return number

    def _range(self, place: Place, level: str) -> None:
        if self.kind() != "TO" or self.kind(1) not in ("NUM", "LETTER"):
            return
        token = self.tokens[self.at + 1]
        self.at += 2
        place.end = token.end
        if level == "number":
            place.number_to = token.text.lower()
        else:
            place.ends[level] = token.text.lower().rstrip(")")

    def below(self, place: Place, *, plural: bool) -> list[Place]:
        """Absatz, Satz, Nummer, Buchstabe behind a number; further places of the same norm."""
        more: list[Place] = []
        current = place
        level = ""
        if self.kind() == "ROMAN":
            current.parts["absatz"] = ROMAN[self.take().text]
            current.end = self.tokens[self.at - 1].end
            level = "absatz"
            if self.kind() == "NUM" and self.adjacent():
                current.parts["satz"] = self.take().text
                current.end = self.tokens[self.at - 1].end
                level = "satz"
        while self.joined(current.end):
            kind = self.kind()
            if kind in LEVELS:
                keyword = self.take()
                wanted = LEVELS[kind]
                if wanted in current.parts or self._is_deeper(current, wanted):
                    current = self._sibling(current, wanted, keyword.start)
                    more.append(current)
                if not self._value(current, wanted):
                    self.at -= 1
                    if current is not place and wanted not in current.parts:
                        more.remove(current)
                    return more
                level = wanted
            elif kind == "HS":
                current.end = self.take().end
                if self.kind() == "NUM" and self.adjacent():
                    current.end = self.take().end
            elif kind == "LETTER" and level == "nummer" and self._is_letter_of_item():
                current.parts["buchstabe"] = self.take().text.rstrip(")")
                current.end = self.tokens[self.at - 1].end
            elif kind == "FF" and level:
                current.open_ended = True
                current.end = self.take().end
            elif kind == "AND" and level and self._continues(level, current, plural=plural):
                separator = self.at
                self.at += 1
                following = self.kind()
                if following in LEVELS:
                    wanted = LEVELS[following]
                    current = self._sibling(current, wanted, self.tokens[self.at].start)
                    self.at += 1
                else:
                    wanted = level
                    current = self._sibling(current, wanted, self.tokens[self.at].start)
                if not self._value(current, wanted):
                    self.at = separator
                    return more
                level = wanted
                more.append(current)
            else:
                return more
        return more

    def _is_letter_of_item(self) -> bool:
        """Tell "Nr. 1 a)" from a word of the sentence."""
        return self.adjacent() and self.tokens[self.at].text.endswith(")")

    @staticmethod
    def _is_deeper(current: Place, wanted: str) -> bool:
        """Whether something deeper than ``wanted`` is already set ("Nr. 3 Satz 2" stays one place)."""
        if wanted == "satz":
            return False
        return any(level in current.parts for level in DEEPER[wanted])

    @staticmethod
    def _sibling(current: Place, level: str, start: int) -> Place:
        """Another place of the same norm: what lies above ``level`` is kept."""
        kept = {
            name: value
            for name, value in current.parts.items()
            if name != level and name not in DEEPER[level]
        }
        return replace(
            current, start=start, end=start, parts=kept, ends={}, number_to=None, open_ended=False
        )

    def _continues(self, level: str, current: Place, *, plural: bool) -> bool:
        """Whether the list goes on at this level or with another part of the same norm."""
        following = self.kind(1)
        if following in LEVELS:
            return True
        if level == "buchstabe":
            return following == "LETTER"
        if following != "NUM":
            return False
        # No Absatz, Satz or Nummer counts that far: the next number is a norm of its own.
        following_value = _leading(self.tokens[self.at + 1].text)
        if plural:
            return following_value < _leading((current.number or "0").removeprefix("Art "))
        return following_value <= _HIGHEST_PART

    def _value(self, place: Place, level: str) -> bool:
        """Read the value of a level; False if none follows."""
        kind = self.kind()
        if level == "buchstabe":
            # "Buchst. f" looks like the "f." of "und folgende".
            if kind not in ("LETTER", "FF"):
                return False
            value = self.take().text.rstrip(").")
        elif kind == "ROMAN" and level == "absatz":
            value = ROMAN[self.take().text]
        else:
            if self.kind() == "NUM" and self.is_year():
                return False
            number = self.number()
            if number is None:
                return False
            value = number
        place.parts[level] = value
        place.end = self.tokens[self.at - 1].end
        self._range(place, level)
        return True
