"""Domain values to the models of the HTTP contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from corpus.changes import ChangedNorm, CitingDocument
from corpus.citations import Ambiguous, Mention, Resolution, Resolved, render
from corpus.diff import AbsatzDiff
from corpus.models import Absatz, NormRef, Passage
from corpus.store.reviews import Review
from corpus.store.use import Gap
from rag.answer import Answer, Statement
from rag.changes import ChangeReport
from rag.check.documents import Unborne
from rag.coverage import Coverage
from rag.definitions import Defined
from rag.generated import Reply
from rag.limits import limit_notices
from rag.norms import NormDiff, NormPage
from rag.outcome import Outcome
from rag.related import Related
from rag.reviews import Waiting
from rag.search import Hit, SearchResult
from service.changes import summary_line
from service.job_store import Job
from service.wire import (
    AbsatzChange,
    AbsatzOut,
    AffectedOut,
    AskResponse,
    ChangedNormOut,
    ChangesResponse,
    CitingDocumentOut,
    ClaimOut,
    CoverageResponse,
    DefinitionOut,
    DiffResponse,
    DocumentOut,
    FoundReference,
    GapOut,
    GapsResponse,
    HitOut,
    ItemOut,
    JobOut,
    LawChangeOut,
    LawCoverageOut,
    MemoResponse,
    ModelOut,
    NormResponse,
    PassageOut,
    QueryOut,
    ReferenceOut,
    RelatedOut,
    ReviewOut,
    SatzOut,
    SchemeLineOut,
    SearchResponse,
    Span,
    StatementOut,
    TransitionOut,
    UnborneOut,
    UnborneResponse,
    VersionOut,
    WaitingOut,
    WaitingResponse,
)


def passage_out(
    passage: Passage, reviews: Mapping[str, str], highlight: tuple[Span, ...] = ()
) -> PassageOut:
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
        status=reviews.get(passage.document),
    )


def hit_out(hit: Hit, reviews: Mapping[str, str]) -> HitOut:
    """A hit for the wire."""
    passage = passage_out(hit.passage, reviews).model_dump()
    return HitOut(**passage, score=round(hit.score, 4), why=hit.why)


def search_out(result: SearchResult) -> SearchResponse:
    """A search result for the wire."""
    question = result.question
    refs = (*question.asked_for, *question.background)
    return SearchResponse(
        hits=tuple(hit_out(hit, result.reviews) for hit in result.hits),
        related=tuple(_related_out(related) for related in result.related),
        query=QueryOut(
            refs=tuple(render(ref) for ref in refs),
            terms=question.terms,
            as_of=result.as_of,
            synonyms={s.written: s.entry.terms for s in question.synonyms},
            corrections={c.written: c.meant for c in question.corrections},
            confidence=round(result.confidence.probability, 3),
        ),
        notices=tuple(limit_notices(question)),
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


def _definition_out(defined: Defined) -> DefinitionOut:
    span = defined.span.shifted(defined.passage.span.start)
    return DefinitionOut(
        term=defined.term,
        text=defined.text,
        pinpoint=defined.pinpoint,
        law=defined.place.law,
        number=defined.place.number,
        absatz=defined.place.absatz,
        span=(span.start, span.end),
    )


def statement_out(statement: Statement) -> StatementOut:
    """A statement for the wire."""
    return StatementOut(
        text=statement.text,
        quote=statement.quote,
        citations=statement.citations,
        pinpoint=statement.pinpoint,
        kind=statement.kind,
        checks=statement.checks,
        use=statement.use,
        joined=statement.joined,
        figures=tuple((figure.start, figure.end) for figure in statement.figures),
        span=(statement.span.start, statement.span.end) if statement.span else None,
    )


def answer_out(answer: Answer, timings: dict[str, float]) -> AskResponse:
    """An answer for the wire."""
    return AskResponse(
        id=answer.id,
        outcome=answer.outcome,
        message=answer.message,
        statements=tuple(statement_out(statement) for statement in answer.statements),
        passages=tuple(
            passage_out(
                shown.passage, answer.reviews, tuple((s.start, s.end) for s in shown.highlight)
            )
            for shown in answer.passages
        ),
        related=tuple(_related_out(related) for related in answer.related),
        definitions=tuple(_definition_out(defined) for defined in answer.definitions),
        notices=answer.notices,
        as_of=answer.as_of,
        corpus_version=answer.corpus_version,
        label=answer.label,
        timings_ms=timings,
    )


def reply_out(reply: Reply, timings: dict[str, float]) -> AskResponse:
    """An answer for the wire, with what a model had to do with it."""
    use = reply.model
    model = use and ModelOut(
        name=use.name,
        prompt_version=use.prompt_version,
        tokens_in=use.tokens_in,
        tokens_out=use.tokens_out,
        cost=use.cost,
        estimated=use.estimated,
    )
    update = {"understood": reply.understood, "model": model}
    return answer_out(reply.answer, timings).model_copy(update=update)


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
        scheme=tuple(
            SchemeLineOut(
                place=render(line.place) if line.place else render(norm.ref),
                text=line.text,
                role=line.role,
                binding=line.binding,
                joined=line.joined,
            )
            for line in page.scheme
        ),
        stand=page.stand,
        url=page.url,
        summary=page.summary,
        summary_review=page.summary_review,
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
                id=p.source,
                title=p.title,
                citation=p.citation,
                url=p.url,
                status=p.kind.value,
                review=page.reviews.get(p.document),
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


def _absatz_changes(changes: Iterable[AbsatzDiff]) -> tuple[AbsatzChange, ...]:
    return tuple(
        AbsatzChange(absatz=change.absatz, change=change.change, words=change.words)
        for change in changes
    )


def changes_out(report: ChangeReport) -> ChangesResponse:
    """A change report for the wire."""
    return ChangesResponse(
        name=report.name,
        message=summary_line(report),
        laws=tuple(
            LawChangeOut(
                law=law.law,
                old_stand=law.old_stand,
                new_stand=law.new_stand,
                old_day=law.old_day,
                new_day=law.new_day,
                norms=tuple(_changed_norm_out(norm) for norm in law.norms),
            )
            for law in report.laws
        ),
        affected=tuple(
            AffectedOut(
                law=one.ref.law,
                number=one.ref.number,
                label=render(one.ref),
                use=one.use,
                documents=tuple(_citing_out(document) for document in one.documents),
                questions=one.questions,
                cases=one.cases,
                answers=tuple(approval.answer for approval in one.answers),
            )
            for one in report.affected
        ),
    )


def _changed_norm_out(norm: ChangedNorm) -> ChangedNormOut:
    return ChangedNormOut(
        law=norm.ref.law,
        number=norm.ref.number,
        label=render(norm.ref),
        kind=norm.kind,
        heading=norm.heading,
        old_heading=norm.old_heading,
        moved_from=render(norm.moved_from) if norm.moved_from else None,
        changes=_absatz_changes(norm.absaetze),
    )


def _citing_out(document: CitingDocument) -> CitingDocumentOut:
    passage = document.passage
    return CitingDocumentOut(
        id=passage.document,
        kind=passage.kind,
        title=passage.title,
        url=passage.url,
        places=tuple(render(place) for place in document.places),
    )


def waiting_out(found: Iterable[Waiting]) -> WaitingResponse:
    """The worklist for the wire."""
    return WaitingResponse(
        documents=tuple(
            WaitingOut(
                id=w.document,
                title=w.title,
                url=w.url,
                reasons=w.reasons,
                places=tuple(render(place) for place in w.places),
                generations=w.generations,
                use=w.use,
            )
            for w in found
        )
    )


def memo_out(document: str, decided: Iterable[Review], files: tuple[str, ...]) -> MemoResponse:
    """The history of a document for the wire."""
    return MemoResponse(
        id=document,
        reviews=tuple(
            ReviewOut(
                opened_on=review.opened_on,
                reason=review.reason,
                generation=review.generation,
                decided_on=review.decided_on,
                decided_by=review.decided_by,
                decision=review.decision,
                note=review.note,
            )
            for review in decided
        ),
        earlier_files=files,
    )


def gaps_out(found: Iterable[Gap]) -> GapsResponse:
    """Questions that found nothing for the wire."""
    return GapsResponse(
        gaps=tuple(
            GapOut(
                terms=gap.terms,
                example=gap.example,
                count=gap.count,
                outcome=Outcome(gap.outcome),
                day=gap.day,
            )
            for gap in found
        )
    )


def diff_out(diff: NormDiff) -> DiffResponse:
    """The difference between two days for the wire."""
    return DiffResponse(
        law=diff.ref.law,
        number=diff.ref.number,
        from_version=diff.old.first_seen if diff.old else None,
        to_version=diff.new.first_seen if diff.new else None,
        changes=_absatz_changes(diff.changes),
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
        folder=job.order.path,
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


def unborne_out(found: Sequence[Unborne]) -> UnborneResponse:
    """Sentences that their norms do not bear, for the wire."""
    return UnborneResponse(
        sentences=tuple(
            UnborneOut(
                document=one.passage.document,
                citation=one.passage.citation,
                sentence=one.sentence,
                places=tuple(render(place) for place in one.places),
                findings=tuple(finding.message for finding in one.findings),
            )
            for one in found
        )
    )
