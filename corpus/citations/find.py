"""Find every legal citation in a text, in the spellings that people and statutes use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.citations.tokens import NUMBER_WORDS, ROMAN, Token, tokenize
from corpus.citations.values import Mention
from corpus.laws import Laws, known_laws
from corpus.models import NormRef, Span

_LEVELS = {"ABS": "absatz", "SATZ": "satz", "NR": "nummer", "BST": "buchstabe"}
_DEEPER = {
    "absatz": ("satz", "nummer", "buchstabe"),
    "satz": ("nummer", "buchstabe"),
    "nummer": ("buchstabe",),
    "buchstabe": (),
}
# "... des Bürgerlichen Gesetzbuchs", "... der Verordnung (EU) 2018/1860", "BGB": not the law we stand in.
_FOREIGN = re.compile(
    r"\s*(?:(?:des|der|dem|den|zu[mr])\s+)?(?:"
    r"(?:[A-ZÄÖÜ][\wäöüß-]+\s+){0,3}?[\wÄÖÜäöüß-]*"
    r"(?:[Gg]esetz(?:es|buch|buche?s)?|[Oo]rdnung|Richtlinie|Übereinkommens?|Vertrage?s|Abkommens?|Protokolls|Satzung|Kodex|Charta)"
    r"(?![\wäöüß])(?:\s+\((?:EU|EG|EWG)\)[\s\w/.]*?\d+/\d+)?"
    r"|[A-ZÄÖÜ][A-Za-zÄÖÜäöü]*(?:G|GB|V|VO|O|StG|EU|EUV|AEUV|GRCh|EMRK|GFK)(?![\wäöüß])"
    r")"
)
# "Anlage zum Gesetz": the law we stand in, whichever it is.
_THIS_LAW = re.compile(r"Gesetz(?:es)?|Verordnung")
_ANNEX_LABEL = re.compile(r"\s+([A-Z]?\d+[a-z]?|[A-Z]|[IVX]+)(?!\w)")
_ANNEX_NORM = re.compile(r"\s*\(zu §§? [^)]*\)")
_DETERMINER = re.compile(r"\s+(?:des|der|dem|den|zu[mr]|im|vom|beim)\s+", re.IGNORECASE)


_HIGHEST_PART = 30


def _leading(number: str) -> int:
    """The digits that a number begins with, 0 without any."""
    match = re.match(r"\d+", number)
    return int(match.group()) if match else 0


@dataclass(slots=True)
class _Place:
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


def find(
    text: str, laws: Laws | None = None, home: NormRef | None = None
) -> tuple[Mention, ...]:
    """All mentions in the order of the text.

    ``home``: the place the text stands in, if it is a law; then "Absatz 2" and "§ 5" without a law
    mean that norm and that law. Elsewhere a bare "Absatz 2" belongs to the last § of the same
    sentence, or is no mention.
    """
    known = laws or known_laws()
    return tuple(_Finder(text, known, home).mentions())


class _Finder:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, laws: Laws, home: NormRef | None) -> None:
        self.text = text
        self.laws = laws
        self.home = home
        self.tokens: Sequence[Token] = tokenize(text, laws)
        self.at = 0

    def mentions(self) -> Iterator[Mention]:
        """Walk the text; chains of places share the law written at their end."""
        last: _Place | None = None
        while self.at < len(self.tokens):
            if self._kind() == "END":
                last = None
            chain = self._chain(last)
            if not chain:
                self.at += 1
                continue
            last = chain[-1]
            for place in chain:
                yield self._mention(place)

    def _kind(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def _take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _chain(self, last: _Place | None) -> list[_Place]:
        """Places joined by commas, "und", "i. V. m."; a law written behind them covers those before."""
        chain: list[_Place] = []
        while True:
            before = self.at
            group = self._group(chain[-1] if chain else last, first=not chain)
            if not group:
                self.at = before
                break
            chain += group
            joint = self.at
            if self._kind() in ("AND", "IVM"):
                while self._kind() in ("AND", "IVM"):
                    self.at += 1
                if self._kind() in ("SIGN", "ARTICLE", "LAW", *_LEVELS):
                    continue
            self.at = joint
            break
        law: tuple[str | None, str | None] = (None, None)
        for place in reversed(chain):
            if place.law_written is not None:
                law = (place.law, place.law_written)
            else:
                place.law, place.law_written = law
        return chain

    def _group(self, context: _Place | None, *, first: bool) -> list[_Place]:
        """A law and its places: "AufenthG § 16b Abs. 3", "§§ 27 ff. AufenthG", "16b AufenthG"."""
        start = self.at
        kind = self._kind()
        if kind == "LAW":
            return self._law_first()
        if kind in ("SIGN", "ARTICLE"):
            sign = self._take()
            prefix = "Art " if kind == "ARTICLE" else ""
            places = self._norms(sign.start, prefix, plural=sign.text == "§§")
        elif kind == "ANNEX":
            places = self._annex()
        elif kind == "NUM" and first and not self._is_year():
            places = self._bare_number()
        elif kind in _LEVELS:
            places = self._relative(context)
        else:
            places = []
        if not places:
            self.at = start
            return []
        self._law_behind(places)
        return places

    def _law_first(self) -> list[_Place]:
        law = self._take()
        name = self._law(law.text)
        kind = self._kind()
        close = self.at < len(self.tokens) and self.tokens[self.at].start - law.end <= 3
        places: list[_Place] = []
        if close and kind in ("SIGN", "ARTICLE"):
            self.at += 1
            places = self._norms(law.start, "Art " if kind == "ARTICLE" else "", plural=False)
        elif close and kind == "NUM" and not self._is_year():
            places = self._norms(law.start, "", plural=False)
        for place in places:
            place.law, place.law_written = name, law.text
        return places

    def _bare_number(self) -> list[_Place]:
        """ "16b AufenthG" and "25b Abs 1": a number is a norm only with a law or an Absatz behind."""
        start = self.tokens[self.at].start
        at = self.at
        places = self._norms(start, "", plural=False)
        if places and (places[0].parts.get("absatz") or self._kind() == "LAW"):
            return places
        self.at = at
        return []

    def _is_year(self) -> bool:
        """Without a § a number of four digits is a year: "AufenthG 2004"."""
        return len(self.tokens[self.at].text) > 3 and self.tokens[self.at].text.isdigit()

    def _annex(self) -> list[_Place]:
        token = self._take()
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
        place = _Place(token.start, end, number)
        return [place, *self._below(place, plural=False)]

    def _norms(self, start: int, prefix: str, *, plural: bool) -> list[_Place]:
        """Norm numbers in a list, each with what stands below it."""
        places: list[_Place] = []
        while True:
            number = self._number()
            if number is None:
                return places
            token = self.tokens[self.at - 1]
            begin = start if not places else token.start
            place = _Place(begin, token.end, prefix + self._with_letter(number))
            place.end = self.tokens[self.at - 1].end
            self._range(place, "number")
            places.append(place)
            if self._kind() == "FF":
                place.open_ended = True
                place.end = self._take().end
            places += self._below(place, plural=plural)
            if not self._next_in_list(places[-1], plural=plural):
                return places

    def _next_in_list(self, last: _Place, *, plural: bool) -> bool:
        """Step over the comma to another norm number, if one follows ("§§ 16b, 16c")."""
        if self._kind() != "AND" or self._kind(1) != "NUM":
            return False
        if last.parts and not plural:
            return False
        self.at += 1
        return True

    def _number(self) -> str | None:
        kind = self._kind()
        if kind == "NUM":
            return self._take().text.lower()
        if kind == "NUMBERWORD":
            return NUMBER_WORDS[self._take().text.lower()]
        return None

    def _with_letter(self, number: str) -> str:
        """ "25 b AufenthG" means 25b; "5 a)" does not."""
        follows = self._kind(1) in ("LAW", "ABS", "SATZ", "ROMAN")
        if number.isdigit() and self._kind() == "LETTER" and follows:
            letter = self.tokens[self.at].text
            if len(letter) == 1:
                self.at += 1
                return number + letter
        return number

    def _range(self, place: _Place, level: str) -> None:
        if self._kind() != "TO" or self._kind(1) not in ("NUM", "LETTER"):
            return
        token = self.tokens[self.at + 1]
        self.at += 2
        place.end = token.end
        if level == "number":
            place.number_to = token.text.lower()
        else:
            place.ends[level] = token.text.lower().rstrip(")")

    def _below(self, place: _Place, *, plural: bool) -> list[_Place]:
        """Absatz, Satz, Nummer, Buchstabe behind a number; further places of the same norm."""
        more: list[_Place] = []
        current = place
        level = ""
        if self._kind() == "ROMAN":
            current.parts["absatz"] = ROMAN[self._take().text]
            current.end = self.tokens[self.at - 1].end
            level = "absatz"
            if self._kind() == "NUM" and self._adjacent():
                current.parts["satz"] = self._take().text
                current.end = self.tokens[self.at - 1].end
                level = "satz"
        while self._joined():
            kind = self._kind()
            if kind in _LEVELS:
                keyword = self._take()
                wanted = _LEVELS[kind]
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
                current.end = self._take().end
                if self._kind() == "NUM" and self._adjacent():
                    current.end = self._take().end
            elif kind == "LETTER" and level == "nummer" and self._is_letter_of_item():
                current.parts["buchstabe"] = self._take().text.rstrip(")")
                current.end = self.tokens[self.at - 1].end
            elif kind == "FF" and level:
                current.open_ended = True
                current.end = self._take().end
            elif kind == "AND" and level and self._continues(level, current, plural=plural):
                separator = self._take()
                following = self._kind()
                if following in _LEVELS:
                    wanted = _LEVELS[following]
                    current = self._sibling(current, wanted, self.tokens[self.at].start)
                    self.at += 1
                else:
                    wanted = level
                    current = self._sibling(current, wanted, self.tokens[self.at].start)
                if not self._value(current, wanted):
                    self.at = self.tokens.index(separator)
                    return more
                level = wanted
                more.append(current)
            else:
                return more
        return more

    def _joined(self) -> bool:
        """Whether the next token follows without a bracket or another sign between."""
        if self.at >= len(self.tokens):
            return False
        gap = self.text[self.tokens[self.at - 1].end : self.tokens[self.at].start]
        return not gap.strip(" ,\u00a0\n")

    def _adjacent(self) -> bool:
        """Whether only blanks stand between the last token and the next."""
        gap = self.text[self.tokens[self.at - 1].end : self.tokens[self.at].start]
        return not gap.strip() and "\n" not in gap

    def _is_letter_of_item(self) -> bool:
        """ "Nr. 1 a)" or "Nr. 1a )", but not the article of a sentence."""
        return self._adjacent() and self.tokens[self.at].text.endswith(")")

    @staticmethod
    def _is_deeper(current: _Place, wanted: str) -> bool:
        """Whether something deeper than ``wanted`` is already set ("Nr. 3 Satz 2" stays one place)."""
        if wanted == "satz":
            return False
        return any(level in current.parts for level in _DEEPER[wanted])

    @staticmethod
    def _sibling(current: _Place, level: str, start: int) -> _Place:
        """Another place of the same norm: what lies above ``level`` is kept."""
        kept = {
            name: value
            for name, value in current.parts.items()
            if name != level and name not in _DEEPER[level]
        }
        return replace(
            current, start=start, end=start, parts=kept, ends={}, number_to=None, open_ended=False
        )

    def _continues(self, level: str, current: _Place, *, plural: bool) -> bool:
        """Whether the list goes on at this level or with another part of the same norm."""
        following = self._kind(1)
        if following in _LEVELS:
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

    def _value(self, place: _Place, level: str) -> bool:
        """Read the value of a level; False if none follows."""
        kind = self._kind()
        if level == "buchstabe":
            # "Buchst. f" looks like the "f." of "und folgende".
            if kind not in ("LETTER", "FF"):
                return False
            value = self._take().text.rstrip(").")
        elif kind == "ROMAN" and level == "absatz":
            value = ROMAN[self._take().text]
        else:
            if self._kind() == "NUM" and self._is_year():
                return False
            number = self._number()
            if number is None:
                return False
            value = number
        place.parts[level] = value
        place.end = self.tokens[self.at - 1].end
        self._range(place, level)
        return True

    def _relative(self, context: _Place | None) -> list[_Place]:
        """ "Absatz 2 Satz 1" without a §: of the norm we stand in, or of the last one named."""
        token = self.tokens[self.at]
        level = _LEVELS[token.kind]
        if self.home is not None:
            parts = {"absatz": self.home.absatz} if level != "absatz" and self.home.absatz else {}
            base = _Place(token.start, token.start, self.home.number, parts=parts)
            base.law = self.home.law
        elif context is not None and context.number is not None:
            kept = {
                name: value
                for name, value in context.parts.items()
                if name != level and name not in _DEEPER[level]
            }
            base = _Place(token.start, token.start, context.number, parts=kept)
            base.law, base.law_written = context.law, context.law_written
        else:
            return []
        at = self.at
        more = self._below(base, plural=False)
        if self.at == at or level not in base.parts:
            return []
        return [base, *more]

    def _law_behind(self, places: list[_Place]) -> None:
        """Attach the law written behind the places; one that is not ours keeps its name."""
        last = places[-1]
        if last.law_written is not None:
            return
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        gap = _DETERMINER.match(self.text, last.end)
        start = gap.end() if gap else last.end
        if token is not None and token.kind == "WORD" and gap and token.start < start:
            index = self.at
            while index < len(self.tokens) and self.tokens[index].start < start:
                index += 1
            token = self.tokens[index] if index < len(self.tokens) else None
        if token is not None and token.kind == "LAW" and not self.text[start : token.start].strip():
            while self.tokens[self.at] is not token:
                self.at += 1
            self.at += 1
            last.law, last.law_written = self._law(token.text), token.text
            last.end = token.end
            return
        foreign = _FOREIGN.match(self.text, last.end)
        if foreign and foreign.group().strip():
            name = _DETERMINER.sub("", f" {foreign.group().strip()}", count=1).strip()
            last.end = foreign.end()
            if _THIS_LAW.fullmatch(name) is None:
                last.law, last.law_written = None, name
            while self.at < len(self.tokens) and self.tokens[self.at].start < last.end:
                self.at += 1

    def _law(self, spelling: str) -> str | None:
        for ending in ("", "s", "es"):
            if spelling.lower().endswith(ending):
                law = self.laws.named(spelling[: len(spelling) - len(ending)] if ending else spelling)
                if law is not None:
                    return law.abbreviation
        return self._squeezed(spelling)

    def _squeezed(self, spelling: str) -> str | None:
        """ "SGBII" and "SGB  II" alike."""
        bare = re.sub(r"\s+", "", spelling).casefold()
        for law in self.laws.items:
            for name in (law.abbreviation, law.name, *law.spellings):
                if name.replace(" ", "").casefold() == bare:
                    return law.abbreviation
        return None

    def _mention(self, place: _Place) -> Mention:
        law = place.law
        if law is None and place.law_written is None and self.home is not None:
            law = self.home.law
        span = Span(place.start, place.end)
        return Mention(
            span=span,
            text=span.of(self.text),
            law=law,
            law_written=place.law_written,
            number=place.number,
            absatz=place.parts.get("absatz"),
            satz=place.parts.get("satz"),
            nummer=place.parts.get("nummer"),
            buchstabe=place.parts.get("buchstabe"),
            number_to=place.number_to,
            absatz_to=place.ends.get("absatz"),
            satz_to=place.ends.get("satz"),
            nummer_to=place.ends.get("nummer"),
            open_ended=place.open_ended,
        )
