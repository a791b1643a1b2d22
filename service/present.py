"""Domain values to the models of the HTTP contract."""

from __future__ import annotations

from datetime import date

from corpus.citations import Ambiguous, Mention, Resolution, Resolved, render
from corpus.models import Absatz, NormRef, Passage
from rag.answer import Answer
from rag.coverage import Coverage
from rag.norms import NormDiff, NormPage
from rag.related import Related
from rag.search import Hit, SearchResult
from service.job_store import Job
from service.wire import (
    AbsatzChange,
    AbsatzOut,
    AskResponse,
    ClaimOut,
    CoverageResponse,
    DiffResponse,
    DocumentOut,
    FoundReference,
    HitOut,
    ItemOut,
    JobOut,
    LawCoverageOut,
    NormResponse,
    PassageOut,
    QueryOut,
    ReferenceOut,
    RelatedOut,
    SatzOut,
    SearchResponse,
    Span,
    StatementOut,
    TransitionOut,
    VersionOut,
)


def passage_out(passage: Passage, highlight: tuple[Span, ...] = ()) -> PassageOut:
    """A passage for the wire."""
    return PassageOut(
        id=passage.id,
        kind=passage.kind,
        law=passage.law,
        number=passage.number,
        absatz=passage.absatz,
        heading=passage.heading,
        path=passage.path,
        title=passage.title,
        text=passage.text,
        highlight=highlight,
        citation=passage.citation,
        url=passage.url,
        stand=passage.stand,
        valid_from=passage.valid_from,
        valid_to=passage.valid_to,
        audience=passage.audience,
    )


def hit_out(hit: Hit) -> HitOut:
    """A hit for the wire."""
    return HitOut(**passage_out(hit.passage).model_dump(), score=round(hit.score, 4), why=hit.why)


def search_out(result: SearchResult) -> SearchResponse:
    """A search result for the wire."""
    question = result.question
    refs = (*question.asked_for, *question.background)
    return SearchResponse(
        hits=tuple(hit_out(hit) for hit in result.hits),
        related=tuple(_related_out(related) for related in result.related),
        query=QueryOut(
            refs=tuple(render(ref) for ref in refs),
            terms=question.terms,
            as_of=result.as_of,
            synonyms={s.written: s.entry.terms for s in question.synonyms},
            corrections={c.written: c.meant for c in question.corrections},
            confidence=round(result.confidence.probability, 3),
        ),
    )


def coverage_out(coverage: Coverage) -> CoverageResponse:
    """The coverage of the catalogue for the wire."""
    return CoverageResponse(
        laws=tuple(
            LawCoverageOut(
                law=law.law,
                absaetze=law.absaetze,
                covered=law.covered,
                questions=law.questions,
                without=tuple(render(ref) for ref in law.without),
            )
            for law in coverage.laws
        ),
        claims=tuple(
            ClaimOut(question=claim.question, norms=tuple(render(ref) for ref in claim.norms))
            for claim in coverage.claims
        ),
    )


def _related_out(related: Related) -> RelatedOut:
    return RelatedOut(
        law=related.ref.law,
        number=related.ref.number,
        absatz=related.ref.absatz,
        label=related.label,
        relation=related.relation,
    )


def answer_out(answer: Answer, timings: dict[str, float]) -> AskResponse:
    """An answer for the wire."""
    return AskResponse(
        id=answer.id,
        outcome=answer.outcome,
        message=answer.message,
        statements=tuple(
            StatementOut(
                text=s.text,
                quote=s.quote,
                citations=s.citations,
                pinpoint=s.pinpoint,
                kind=s.kind,
                checks=s.checks,
            )
            for s in answer.statements
        ),
        passages=tuple(
            passage_out(shown.passage, tuple((s.start, s.end) for s in shown.highlight))
            for shown in answer.passages
        ),
        related=tuple(_related_out(related) for related in answer.related),
        notices=answer.notices,
        as_of=answer.as_of,
        corpus_version=answer.corpus_version,
        timings_ms=timings,
    )


def norm_out(page: NormPage, as_of: date | None) -> NormResponse:
    """A norm for the wire."""
    norm = page.norm
    return NormResponse(
        law=norm.law,
        number=norm.number,
        citation=render(norm.ref),
        heading=norm.heading,
        path=norm.path,
        text=norm.text,
        repealed=norm.repealed,
        footnotes=norm.footnotes,
        structure=tuple(_absatz_out(absatz) for absatz in norm.absaetze),
        stand=page.stand,
        url=page.url,
        summary=page.summary,
        versions=tuple(
            VersionOut(
                first_seen=v.first_seen, last_seen=v.last_seen, current=v.current, stand=v.stand
            )
            for v in page.versions
        ),
        references_out=tuple(_reference_out(ref) for ref in page.references_out),
        references_in=tuple(_reference_out(ref) for ref in page.references_in),
        documents=tuple(
            DocumentOut(
                id=p.source, title=p.title, citation=p.citation, url=p.url, status=p.kind.value
            )
            for p in page.documents
        ),
        notices=page.notices,
        transitions=tuple(
            TransitionOut(label=render(rule.place), hint=rule.hint) for rule in page.transitions
        ),
        as_of=as_of,
    )


def _absatz_out(absatz: Absatz) -> AbsatzOut:
    return AbsatzOut(
        absatz=absatz.label,
        span=(absatz.span.start, absatz.span.end),
        saetze=tuple(
            SatzOut(number=s.number, span=(s.span.start, s.span.end)) for s in absatz.saetze
        ),
        items=tuple(
            ItemOut(labels=i.labels, satz=i.satz, span=(i.span.start, i.span.end))
            for i in absatz.items
        ),
    )


def _reference_out(ref: NormRef) -> ReferenceOut:
    return ReferenceOut(law=ref.law, number=ref.number, absatz=ref.absatz, label=render(ref))


def diff_out(diff: NormDiff) -> DiffResponse:
    """The difference between two days for the wire."""
    return DiffResponse(
        law=diff.ref.law,
        number=diff.ref.number,
        from_version=diff.old.first_seen if diff.old else None,
        to_version=diff.new.first_seen if diff.new else None,
        changes=tuple(
            AbsatzChange(absatz=change.absatz, change=change.change, words=change.words)
            for change in diff.changes
        ),
    )


def reference_found(mention: Mention, resolution: Resolution) -> FoundReference:
    """A reference in a text for the wire; places of a range are given by its first."""
    ref = resolution.refs[0] if isinstance(resolution, Resolved) else None
    status = "resolved" if ref else "ambiguous" if isinstance(resolution, Ambiguous) else "unknown"
    return FoundReference(
        start=mention.span.start,
        end=mention.span.end,
        text=mention.text,
        law=ref.law if ref else mention.law or mention.law_written,
        number=ref.number if ref else mention.number,
        absatz=mention.absatz,
        satz=mention.satz,
        nummer=mention.nummer,
        status=status,
    )


def job_out(job: Job) -> JobOut:
    """A job for the wire."""
    return JobOut(
        id=job.id,
        kind=job.order.kind,
        laws=job.order.laws,
        folder=job.order.folder,
        state=job.state,
        active=job.state.active,
        started_at=job.started_at,
        ended_at=job.ended_at,
        pid=job.process.pid if job.process else None,
        exit_code=job.exit_code,
        stage=job.stage,
        share=job.share,
        code=job.code,
        message=job.message,
    )
