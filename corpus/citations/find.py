"""Find every legal citation in a text, in the spellings that people and statutes use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.citations.places import DEEPER, LEVELS, Place, PlaceReader
from corpus.citations.values import Mention
from corpus.laws import Laws, known_laws
from corpus.models import NormRef, Span

# "... des Bürgerlichen Gesetzbuchs", "... der Verordnung (EU) 2018/1860", "BGB": not the law we stand in.
_FOREIGN = re.compile(
    r"\s*(?:(?:des|der|dem|den|zu[mr])\s+)?(?:"
    r"(?:[A-ZÄÖÜ][\wäöüß-]{1,60}\s{1,9}){0,3}?[\wÄÖÜäöüß-]{0,80}"
    r"(?:[Gg]esetz(?:es|buch|buche?s)?|[Oo]rdnung|Richtlinie|Übereinkommens?|Vertrage?s|Abkommens?|Protokolls|Satzung|Kodex|Charta)"
    r"(?![\wäöüß])(?:\s+\((?:EU|EG|EWG)\)[\s\w/.]{0,40}?\d+/\d+)?"
    r"|[A-ZÄÖÜ][A-Za-zÄÖÜäöü]*(?:G|GB|V|VO|O|StG|EU|EUV|AEUV|GRCh|EMRK|GFK)(?![\wäöüß])"
    r")"
)
# "Anlage zum Gesetz": the law we stand in, whichever it is.
_THIS_LAW = re.compile(r"Gesetz(?:es)?|Verordnung")
_DETERMINER = re.compile(r"\s+(?:des|der|dem|den|zu[mr]|im|vom|beim)\s+", re.IGNORECASE)


def find(text: str, laws: Laws | None = None, home: NormRef | None = None) -> tuple[Mention, ...]:
    """All mentions in the order of the text.

    ``home``: the place the text stands in, if it is a law; then "Absatz 2" and "§ 5" without a law
    mean that norm and that law. Elsewhere a bare "Absatz 2" belongs to the last § of the same
    sentence, or is no mention.
    """
    known = laws or known_laws()
    return tuple(_Finder(text, known, home).mentions())


class _Finder(PlaceReader):
    """One pass over the tokens of one text."""

    def __init__(self, text: str, laws: Laws, home: NormRef | None) -> None:
        super().__init__(text, laws)
        self.home = home

    def mentions(self) -> Iterator[Mention]:
        """Walk the text; chains of places share the law written at their end."""
        last: Place | None = None
        while self.at < len(self.tokens):
            if self.kind() == "END":
                last = None
            chain = self._chain(last)
            if not chain:
                self.at += 1
                continue
            last = chain[-1]
            for place in chain:
                yield self._mention(place)

    def _chain(self, last: Place | None) -> list[Place]:
        """Places joined by commas, "und", "i. V. m."; a law written behind them covers those before."""
        chain: list[Place] = []
        while True:
            before = self.at
            group = self._group(chain[-1] if chain else last, first=not chain)
            if not group:
                self.at = before
                break
            chain += group
            joint = self.at
            if self.kind() in ("AND", "IVM"):
                while self.kind() in ("AND", "IVM"):
                    self.at += 1
                if self.kind() in ("SIGN", "ARTICLE", "LAW", *LEVELS):
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

    def _group(self, context: Place | None, *, first: bool) -> list[Place]:
        """A law and its places: "AufenthG § 16b Abs. 3", "§§ 27 ff. AufenthG", "16b AufenthG"."""
        start = self.at
        kind = self.kind()
        if kind == "LAW":
            return self._law_first()
        if kind in ("SIGN", "ARTICLE"):
            sign = self.take()
            prefix = "Art " if kind == "ARTICLE" else ""
            places = self.norms(sign.start, prefix, plural=sign.text == "§§")
        elif kind == "ANNEX":
            places = self.annex()
        elif kind == "NUM" and first and not self.is_year():
            places = self._bare_number()
        elif kind in LEVELS:
            places = self._relative(context)
        else:
            places = []
        if not places:
            self.at = start
            return []
        self._law_behind(places)
        return places

    def _law_first(self) -> list[Place]:
        law = self.take()
        name = self._law(law.text)
        kind = self.kind()
        close = self.at < len(self.tokens) and self.tokens[self.at].start - law.end <= 3
        places: list[Place] = []
        if close and kind in ("SIGN", "ARTICLE"):
            self.at += 1
            places = self.norms(law.start, "Art " if kind == "ARTICLE" else "", plural=False)
        elif close and kind == "NUM" and not self.is_year():
            places = self.norms(law.start, "", plural=False)
        for place in places:
            place.law, place.law_written = name, law.text
        return places

    def _bare_number(self) -> list[Place]:
        """A number is a norm only with a law or an Absatz behind: "16b AufenthG", "25b Abs 1"."""
        start = self.tokens[self.at].start
        at = self.at
        places = self.norms(start, "", plural=False)
        if places and (places[0].parts.get("absatz") or self.kind() == "LAW"):
            return places
        self.at = at
        return []

    def _relative(self, context: Place | None) -> list[Place]:
        """Read "Absatz 2 Satz 1" without a §: of the norm we stand in, or of the last named."""
        token = self.tokens[self.at]
        level = LEVELS[token.kind]
        if self.home is not None:
            parts = {"absatz": self.home.absatz} if level != "absatz" and self.home.absatz else {}
            base = Place(token.start, token.start, self.home.number, parts=parts)
            base.law = self.home.law
        elif context is not None and context.number is not None:
            kept = {
                name: value
                for name, value in context.parts.items()
                if name != level and name not in DEEPER[level]
            }
            base = Place(token.start, token.start, context.number, parts=kept)
            base.law, base.law_written = context.law, context.law_written
        else:
            return []
        at = self.at
        more = self.below(base, plural=False)
        if self.at == at or level not in base.parts:
            return []
        return [base, *more]

    def _law_behind(self, places: list[Place]) -> None:
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
                law = self.laws.named(
                    spelling[: len(spelling) - len(ending)] if ending else spelling
                )
                if law is not None:
                    return law.abbreviation
        return self._squeezed(spelling)

    def _squeezed(self, spelling: str) -> str | None:
        """Read "SGBII" and "SGB  II" alike."""
        bare = re.sub(r"\s+", "", spelling).casefold()
        for law in self.laws.items:
            for name in (law.abbreviation, law.name, *law.spellings):
                if name.replace(" ", "").casefold() == bare:
                    return law.abbreviation
        return None

    def _mention(self, place: Place) -> Mention:
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
