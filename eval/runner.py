"""Run cases through systems and score every one of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpus.citations import Mention, find, render
from corpus.models import NormRef
from eval.cases import Case
from eval.facts import CaseFacts, fact_metrics
from eval.metrics import (
    absatz_gold,
    absatz_hits,
    distinct,
    ndcg_at,
    precision,
    recall_at,
    reciprocal_rank,
)
from eval.results import AnswerResult, CaseResult, Run, StatementResult, SystemResult
from eval.systems import GivenAnswer, System

# Passages asked for, so that ten distinct norms are among them.
_DEPTH = 60


def run_cases(
    cases: Sequence[Case],
    cases_file: Path,
    systems: Sequence[System],
    progress: Callable[[str, float], None] | None = None,
    facts: Mapping[str, CaseFacts] | None = None,
) -> Run:
    """Score every case with every system.

    ``progress`` receives the system and its share done. Without ``facts`` (by case id) it stays
    unscored whether an answer shows them.
    """
    now = datetime.now(UTC)
    return Run(
        name=f"{now:%Y%m%dT%H%M%S}-{cases_file.stem}",
        created_at=now,
        cases_file=cases_file.name,
        cases_digest=hashlib.sha256(cases_file.read_bytes()).hexdigest(),
        systems=tuple(_run_system(cases, system, progress, facts or {}) for system in systems),
    )


def _run_system(
    cases: Sequence[Case],
    system: System,
    progress: Callable[[str, float], None] | None,
    facts: Mapping[str, CaseFacts],
) -> SystemResult:
    results: list[CaseResult] = []
    for index, case in enumerate(cases, 1):
        results.append(_run_case(case, system, facts))
        if progress is not None:
            progress(system.name, index / len(cases))
    return SystemResult(
        system=system.name,
        version=system.version,
        cases=tuple(results),
        settings=system.settings,
    )


def _run_case(case: Case, system: System, facts: Mapping[str, CaseFacts]) -> CaseResult:
    begin = time.perf_counter()
    found = system.rank(case, _DEPTH)
    milliseconds = (time.perf_counter() - begin) * 1000
    begin = time.perf_counter()
    answer = system.answer(case)
    answered_in = (time.perf_counter() - begin) * 1000
    ranking = found.places
    gold = case.required if case.answerable else ()
    norms = [ref.norm for ref in ranking]
    wanted = {ref.norm for ref in gold}
    absaetze, wanted_absaetze = absatz_hits(ranking, gold), absatz_gold(gold)
    metrics: dict[str, float | None] = {
        "recall@1": recall_at(norms, wanted, 1),
        "recall@5": recall_at(norms, wanted, 5),
        "recall@10": recall_at(norms, wanted, 10),
        "mrr": reciprocal_rank(norms, wanted),
        "ndcg@10": ndcg_at(norms, wanted, 10),
        **(
            {}
            if not system.names_absatz
            else {
                "absatz_recall@1": recall_at(absaetze, wanted_absaetze, 1),
                "absatz_recall@5": recall_at(absaetze, wanted_absaetze, 5),
                "absatz_ndcg@10": ndcg_at(absaetze, wanted_absaetze, 10),
            }
        ),
        **(_answer_metrics(case, answer, facts) if answer else {}),
    }
    return CaseResult(
        id=case.id,
        question=case.question,
        register_=case.register_,
        type=case.type,
        language=case.language,
        answerable=case.answerable,
        gold=tuple(render(ref) for ref in gold),
        ranking=tuple(render(ref) for ref in distinct(norms)[:10]),
        metrics=metrics,
        confidence=found.confidence,
        outcome=answer.outcome.value if answer else None,
        cited=tuple(s.pinpoint for s in answer.statements) if answer else (),
        milliseconds=round(milliseconds, 2),
        hits=found.hits,
        answer=_answer_result(answer, answered_in) if answer else None,
        history=case.history,
        accepted=tuple(render(gold.ref) for gold in case.gold if not gold.required),
        facts=case.facts,
        wrong=case.wrong,
        note=case.note,
    )


def _answer_result(answer: GivenAnswer, milliseconds: float) -> AnswerResult:
    return AnswerResult(
        message=answer.message,
        statements=tuple(
            StatementResult(
                text=s.text,
                quote=s.quote,
                pinpoint=s.pinpoint,
                use=s.use,
                checks=dict(s.checks),
                valid=s.valid,
                verbatim=s.verbatim,
            )
            for s in answer.statements
        ),
        notices=answer.notices,
        corpus_version=answer.corpus_version,
        model=answer.model,
        milliseconds=round(milliseconds, 2),
    )


# Sentences that a hurried reader takes for the answer.
_READ_FIRST = 2


def _decisive_first(case: Case, answer: GivenAnswer) -> float | None:
    """Whether one of the first two quoted sentences of law is a Satz or Nummer that the gold requires.

    None without required gold that names an Absatz; what gold or pinpoint leave open (Satz, Nummer) fits.
    """
    wanted = [ref for ref in case.required if ref.absatz is not None]
    if not case.answerable or not wanted:
        return None
    quoted = [s.pinpoint for s in answer.statements if s.quote and s.place is not None]
    shown = [mention for text in quoted[:_READ_FIRST] for mention in find(text)]
    return float(any(_names(mention, ref) for mention in shown for ref in wanted))


def _names(mention: Mention, ref: NormRef) -> bool:
    if (mention.law, mention.number, mention.absatz) != (ref.law, ref.number, ref.absatz):
        return False
    pairs = ((ref.satz, mention.satz), (ref.nummer, mention.nummer))
    return all(None in (wanted, named) or wanted == named for wanted, named in pairs)


def _answer_metrics(
    case: Case, answer: GivenAnswer, facts: Mapping[str, CaseFacts]
) -> dict[str, float | None]:
    """Citations against gold, validity of each, facts shown, and whether it was right to answer."""
    cited = {s.place.norm for s in answer.statements if s.place is not None}
    accepted = {gold.ref.norm for gold in case.gold}
    required = {ref.norm for ref in case.required}
    quotes = [s for s in answer.statements if s.quote]
    answered = answer.outcome.has_answer
    return {
        "citation_recall": len(cited & required) / len(required) if case.answerable else None,
        "any_required_cited": float(bool(cited & required)) if case.answerable else None,
        "decisive_first": _decisive_first(case, answer),
        "citation_precision": precision(cited, accepted) if case.answerable else None,
        "citation_validity": _share([s.valid for s in answer.statements]),
        "quotes_verbatim": _share([s.verbatim for s in quotes]),
        **fact_metrics(case, [s.text for s in quotes], [s.text for s in answer.statements], facts),
        "wrongly_answered": float(answered) if not case.answerable else None,
        "wrongly_refused": float(not answered) if case.answerable else None,
    }


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
