"""Hold a claim against its passages: a statement if it is borne, otherwise the reasons why not."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.citations import render
from corpus.models import HIERARCHY, Kind, NormRef, Passage
from rag.answer import Statement
from rag.check import check_statement
from rag.generated.claims import Claim, Flaw, read_claim
from rag.generated.copies import bends_a_copy, changes_a_unit
from rag.index import Index, on_day

_LOG = logging.getLogger("fundstelle")
# "Ja.", "Das geht nicht.": with fewer words of its passages a sentence says nothing that could be checked.
_LEAST_WORDS = 3
# As a term "ein" is a number.
_ARTICLE = {"1"}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim that is not shown."""

    reasons: tuple[str, ...]
    """Codes: a :class:`~rag.generated.claims.Flaw` or the kinds of the findings."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What claims are held against."""

    passages: Mapping[str, Passage]
    """Token -> passage, as the model was given them."""
    index: Index
    as_of: date | None
    """The day whose wording the passages have; None: today's."""

    def examine(self, line: str) -> Statement | Dropped | None:
        """One line of the model; None if it claims nothing."""
        claim = read_claim(line)
        if claim is None:
            return None
        result = Dropped((claim.value,)) if isinstance(claim, Flaw) else self._judge(claim)
        if isinstance(result, Dropped):
            # Neither the claim nor the question: both may name a person.
            tokens = [] if isinstance(claim, Flaw) else claim.tokens
            cited = [self.passages[token].id for token in tokens if token in self.passages]
            fields = {"reasons": result.reasons, "passages": cited}
            _LOG.info("statement_dropped", extra={"fields": fields})
        return result

    def _judge(self, claim: Claim) -> Statement | Dropped:
        if not self.passages.keys() >= set(claim.tokens):
            return Dropped((Flaw.UNKNOWN_TOKEN.value,))
        cited = [self.passages[token] for token in claim.tokens]
        if flaw := self._flaw(claim.text, cited):
            return Dropped((flaw.value,))
        verdict = check_statement(claim.text, cited, analyzer=self.index.analyzer, index=self.index)
        if not verdict.supported:
            return Dropped(tuple(dict.fromkeys(str(found.kind) for found in verdict.findings)))
        bearing = self._bearing(claim.text, cited)
        return Statement(
            text=claim.text,
            quote=False,
            citations=tuple(passage.id for passage in bearing),
            pinpoint="; ".join(self._pinpoint(claim.text, passage) for passage in bearing),
            kind=min((passage.kind for passage in bearing), key=HIERARCHY.index),
            checks=dict(verdict.checks),
        )

    def _flaw(self, text: str, cited: Sequence[Passage]) -> Flaw | None:
        """What a model may not do although its words might be true: say nothing, or calculate."""
        source = " ".join(f"{p.text} {p.citation} {p.heading}" for p in cited)
        held = set(self.index.analyzer.terms(source))
        said = {word.casefold(): set(self.index.analyzer.terms(word)) for word in text.split()}
        if sum(bool(terms & held) for terms in said.values()) < _LEAST_WORDS:
            return Flaw.NO_SENTENCE
        numbers = {term for terms in said.values() for term in terms if term[0].isdigit()}
        if numbers - held - _ARTICLE or changes_a_unit(text, held, self.index.analyzer):
            return Flaw.CALCULATED
        return Flaw.BENT if bends_a_copy(text, cited, self.index.analyzer) else None

    def _bearing(self, text: str, cited: Sequence[Passage]) -> Sequence[Passage]:
        """Those that bear the claim alone; all where only together they do."""
        if len(cited) == 1:
            return cited
        return [passage for passage in cited if self._supported(text, passage)] or cited

    def _pinpoint(self, text: str, passage: Passage) -> str:
        """The one Satz that bears the claim alone, else the Absatz."""
        ref = passage.ref
        if ref is None:
            return passage.citation
        day = f" {on_day(self.as_of)}" if self.as_of and passage.kind is Kind.LAW else ""
        saetze = [
            satz.number
            for satz in passage.saetze
            if self._supported(
                text, replace(passage, text=satz.span.of(passage.text), saetze=(), items=())
            )
        ]
        if len(passage.saetze) < 2 or len(saetze) != 1:
            return f"{passage.citation}{day}"
        return f"{render(NormRef(ref.law, ref.number, ref.absatz, str(saetze[0])))}{day}"

    def _supported(self, text: str, passage: Passage) -> bool:
        return check_statement(text, [passage], analyzer=self.index.analyzer).supported
