"""What a Stichtag means for what is shown: how far the texts reach, what changed, what carries over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from corpus.citations import render
from corpus.models import Kind, NormRef, Passage
from corpus.store.reading import CorpusReader, NormVersion
from corpus.transitions import Transition, transitions

# The official text shows a change days to weeks after it came into force.
_LAG = timedelta(days=30)


def day_notices(reader: CorpusReader, passages: Iterable[Passage], as_of: date) -> Iterator[str]:
    """German sentences on quoting the law of ``as_of`` from ``passages``."""
    quoted = list(passages)
    laws = dict.fromkeys(p.source for p in quoted if p.kind is Kind.LAW)
    for source in laws:
        yield from reach_notices(reader, source, as_of)
    for norm in dict.fromkeys(p.ref.norm for p in quoted if p.ref and p.kind is Kind.LAW):
        yield from change_notices(norm, reader.versions(norm.law, norm.number), as_of)
    for passage in {p.source: p for p in quoted if p.kind in (Kind.MEMO, Kind.DECREE)}.values():
        meta = reader.sources[passage.source].meta
        if meta is not None and meta.stand is not None and as_of < meta.stand:
            yield (
                f"„{meta.title}“ beschreibt das Recht vom {meta.stand:%d.%m.%Y}, nicht das vom "
                f"{as_of:%d.%m.%Y}."
            )


def mentioned_notices(
    reader: CorpusReader, passages: Iterable[Passage], day: date
) -> Iterator[str]:
    """What of the law quoted as of today is younger than a day that the question mentions."""
    younger = {
        p.ref: p.valid_from
        for p in passages
        if p.kind is Kind.LAW and p.ref and p.valid_from and day < p.valid_from
        # What the oldest text of a law says may be older than that text.
        if reader.snapshots[p.source][0].day < p.valid_from
    }
    if younger:
        places = ", ".join(f"{render(ref)} seit {first:%d.%m.%Y}" for ref, first in younger.items())
        yield (
            f"Ihre Frage nennt den {day:%d.%m.%Y}. Den gezeigten Wortlaut hat der amtliche Text erst "
            f"später: {places}. Zählt das Recht jenes Tages, wählen Sie ihn als Stichtag."
        )


def reach_notices(reader: CorpusReader, source: str, as_of: date) -> Iterator[str]:
    """Where the texts held of a law do not reach to ``as_of``, and what was announced by then."""
    days = reader.snapshots.get(source, ())
    if not days:
        return
    name = reader.sources[source].name
    checked = max(days[-1].day, reader.last_checks.get(source, days[-1].day))
    if as_of < days[0].day:
        yield (
            f"{name}: Für den {as_of:%d.%m.%Y} liegt keine Fassung vor. Gezeigt wird die älteste "
            f"vorhandene, festgestellt am {days[0].day:%d.%m.%Y}; sie kann abweichen."
        )
    elif as_of > checked:
        yield (
            f"{name}: Zuletzt am {checked:%d.%m.%Y} mit dem amtlichen Text abgeglichen; Änderungen "
            "danach sind nicht berücksichtigt."
        )
    snapshot = reader.snapshot_on(source, as_of)
    if snapshot is not None:
        yield from (
            f"{name} (Hinweis vom {snapshot.day:%d.%m.%Y}): {hint}." for hint in snapshot.pending
        )


def change_notices(norm: NormRef, versions: tuple[NormVersion, ...], as_of: date) -> Iterator[str]:
    """That a norm reads differently today than on ``as_of``, or is gone."""
    then = version_on(versions, as_of)
    if then is None or then.current:
        return
    now = next((version for version in versions if version.current), None)
    if now is None or now.norm.repealed:
        yield f"{render(norm)} gilt nicht mehr; zuletzt am {then.last_seen:%d.%m.%Y} in Kraft."
    else:
        yield (
            f"{render(norm)} lautet heute anders (neue Fassung seit {then.until:%d.%m.%Y} im amtlichen "
            "Text)."
        )
    if then.until is not None and then.until - as_of <= _LAG:
        yield (
            f"{render(norm)}: Die Fassung vom {then.until:%d.%m.%Y} kann schon am {as_of:%d.%m.%Y} "
            "gegolten haben; der amtliche Text folgt dem Inkrafttreten mit einigen Tagen Abstand. "
            "Bitte prüfen Sie den Tag des Inkrafttretens."
        )


def version_on(versions: tuple[NormVersion, ...], as_of: date) -> NormVersion | None:
    """The wording of a day, for days before the oldest text held the oldest; None: there was none."""
    for version in versions:
        if version.stands_on(as_of) or (version.oldest and as_of < version.first_seen):
            return version
    return None


def existence(reader: CorpusReader, norm: NormRef, as_of: date | None) -> str | None:
    """German: when a norm that does not stand did or will; None if nothing is known of it."""
    stood = [v for v in reader.versions(norm.law, norm.number) if not v.norm.repealed]
    if not stood:
        return None
    name = render(norm.norm)
    day = as_of or date.max
    first, last = stood[0], stood[-1]
    if day < first.first_seen:
        return (
            f"{name} gab es am {day:%d.%m.%Y} noch nicht; im amtlichen Text steht die Vorschrift seit dem "
            f"{first.first_seen:%d.%m.%Y}."
        )
    ended = [version for version in stood if version.last_seen < day] or [last]
    when = f"am {as_of:%d.%m.%Y} nicht mehr" if as_of else "nicht mehr"
    return (
        f"{name} gibt es {when}; die letzte Fassung galt bis zum {ended[-1].last_seen:%d.%m.%Y}. "
        "Mit einem Stichtag davor wird sie gezeigt."
    )


def carried_over(passages: Iterable[Passage], as_of: date) -> tuple[Transition, ...]:
    """Transitional rules for days before a change of one of the quoted norms."""
    norms = {p.ref.norm for p in passages if p.ref is not None}
    laws = {norm.law for norm in norms}
    return tuple(
        rule
        for rule in transitions()
        if as_of < rule.before
        and (any(norm in norms for norm in rule.norms) or any(law in laws for law in rule.laws))
    )
