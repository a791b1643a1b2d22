"""Fetch the laws and find the norms that are new, reworded or gone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date

from corpus.laws import Laws
from corpus.models import Kind, Law, LawText, Norm
from corpus.store.reading import SourceState
from corpus.store.writing import CheckedSource, NormChange, SourceChange, norm_digest
from ingest.archive import read_single_xml
from ingest.collect.values import Collected, Held, unchanged
from ingest.errors import SourceError, SourceProblem
from ingest.fetch import Origin
from ingest.gii import parse_law
from ingest.passages import norm_passages
from ingest.references import Outline, ReferenceFinder
from ingest.report import Problem, SourceReport

# Laws in a row that cannot be reached, each after its tries; the others would only cost time.
_GIVE_UP = 2


def collect_laws(
    laws: Laws,
    origin: Origin,
    held: Held,
    collected: Collected,
    share: Callable[[float], None],
) -> Outline:
    """Fetch and compare every law; the returned outline knows all norms that exist now."""
    outline = Outline(held.reader)
    parsed: list[tuple[LawText, str, date]] = []
    unreachable = 0
    for index, law in enumerate(laws.items, 1):
        try:
            if unreachable >= _GIVE_UP:
                raise SourceError(SourceProblem.NETWORK, law.slug, detail="nicht mehr versucht")
            fetched = _law_if_changed(law, origin, held, collected)
        except SourceError as error:
            unreachable = unreachable + 1 if error.code is SourceProblem.NETWORK else 0
            collected.problems.append(Problem.of(error))
            if held.reader and law.slug in held.reader.sources:
                collected.present.add(law.slug)
        else:
            unreachable = 0
            collected.present.add(law.slug)
            if fetched is not None:
                outline.add(fetched[0])
                parsed.append(fetched)
        share(index / len(laws.items))
    references = ReferenceFinder(outline)
    for text, digest, seen_on in parsed:
        _compare_law(text, digest, seen_on, held, references, collected)
    return outline


def _law_if_changed(
    law: Law, origin: Origin, held: Held, collected: Collected
) -> tuple[LawText, str, date] | None:
    """The parsed law with its digest and day, None if the file is the one already held."""
    state = held.state(law.slug)
    validators = held.validators.get(law.slug, {}) if state else {}
    fetched = origin.fetch(law.slug, validators)
    if fetched is not None:
        # Of the XML, not of the archive: the site packs unchanged files anew.
        xml = read_single_xml(fetched.data, law.slug)
        digest = hashlib.sha256(xml).hexdigest()
        text = parse_law(xml, law) if state is None or state.digest != digest else None
        collected.checks.append(
            CheckedSource(law.slug, fetched.origin, fetched.seen_on, dict(fetched.validators))
        )
        if text is not None:
            return text, digest, fetched.seen_on
    if state is not None:
        collected.reports.append(unchanged(state))
    return None


def _compare_law(
    text: LawText,
    digest: str,
    seen_on: date,
    held: Held,
    references: ReferenceFinder,
    collected: Collected,
) -> None:
    """Find the norms that are new, reworded or gone, and cut only those."""
    law = text.law
    reader = held.reader
    held_states = reader.norm_states(law.slug) if reader else {}
    before = {number: state.digest for number, state in held_states.items()}
    now = {norm.number: norm_digest(norm) for norm in text.norms}
    rewrite = [
        norm for norm in text.norms if held.fresh or before.get(norm.number) != now[norm.number]
    ]
    gone = tuple(number for number in before if number not in now)

    def since(norm: Norm) -> date:
        """Day on which this wording was first seen."""
        held_state = held_states.get(norm.number)
        same = held_state is not None and held_state.digest == now[norm.number]
        return held_state.first_seen if same and held_state else seen_on

    collected.changes.append(
        SourceChange(
            state=SourceState(
                source=law.slug,
                kind=Kind.LAW,
                name=law.abbreviation,
                title=text.title,
                url=law.url,
                stand=text.stand,
                pending=text.pending,
                built_on=text.built_on,
                digest=digest,
                meta=None,
            ),
            seen_on=seen_on,
            norms=tuple(
                NormChange(norm, tuple(norm_passages(norm, law, since(norm), references)))
                for norm in rewrite
            ),
            gone=gone,
        )
    )
    worded = [norm for norm in rewrite if before.get(norm.number) != now[norm.number]]
    collected.reports.append(
        SourceReport(
            source=law.slug,
            name=law.abbreviation,
            kind=Kind.LAW,
            stand=text.stand,
            norms=len(text.norms),
            added=tuple(n.number for n in worded if n.number not in before and not n.repealed),
            changed=tuple(n.number for n in worded if n.number in before and not n.repealed),
            repealed=(*gone, *_repealed(worded, before)),
        )
    )


def _repealed(norms: Iterable[Norm], before: dict[str, str]) -> tuple[str, ...]:
    return tuple(norm.number for norm in norms if norm.repealed and norm.number in before)
