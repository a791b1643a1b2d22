"""The HTTP contract as pydantic models; scripts outside the project rely on these names."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.changes import ChangeKind
from corpus.models import Audience, Kind, WordKind
from corpus.store.reviews import Decision
from ingest.report import IngestReport
from rag.decisive import Use
from rag.documents import DocumentKind, DocumentState
from rag.outcome import Outcome
from rag.question import LONGEST_QUESTION
from rag.structure import Binding, Joined, Role
from service.job_store import JobKind, JobState

EXAMPLE = "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?"

Span = tuple[int, int]
"""Start and end, in Unicode code points."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class AskRequest(_Wire):
    """A question."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"question": EXAMPLE, "audience": "staff"}]},
    )

    question: Annotated[str, Field(description=f"1 bis {LONGEST_QUESTION} Zeichen")]
    as_of: date | None = Field(None, description="Stichtag; ohne Angabe der neueste Stand")
    audience: Literal["staff", "public"] = "staff"
    mode: Literal["auto", "extractive", "generated"] = "auto"
    history: Annotated[tuple[str, ...], Field(max_length=20)] = Field(
        (), description="Die Fragen davor, älteste zuerst; für Anschlussfragen"
    )
    laws: Annotated[tuple[str, ...], Field(max_length=100)] = Field(
        (), description="Nur in diesen Gesetzen suchen (Abkürzungen); leer: überall"
    )


class PassageOut(_Wire):
    """A passage: an Absatz of a law, or a section of a document."""

    id: str
    kind: Kind
    law: str | None
    number: str | None
    absatz: str | None
    heading: str
    path: tuple[str, ...]
    title: str
    text: str
    highlight: tuple[Span, ...] = ()
    citation: str
    url: str
    stand: str
    valid_from: date | None
    valid_to: date | None
    audience: Audience
    status: str | None = Field(
        None, description="„zu prüfen: <Grund>“, wenn das Dokument zu prüfen ist"
    )


class HitOut(PassageOut):
    """A passage with its rank's arithmetic."""

    score: float
    why: dict[str, float]


class QueryOut(_Wire):
    """How the question was understood."""

    refs: tuple[str, ...] = Field(description="Benannte Vorschriften, die es gibt")
    terms: tuple[str, ...]
    as_of: date | None = Field(description="Stichtag der Anfrage oder aus der Frage")
    synonyms: dict[str, tuple[str, ...]] = Field(description="Wort der Frage, Wörter des Gesetzes")
    corrections: dict[str, str] = Field(description="Unbekanntes Wort, vermutlich gemeintes")
    confidence: float = Field(description="Geschätzte Wahrscheinlichkeit, 0 bis 1")


class RelatedOut(_Wire):
    """A norm that the best passages refer to, or that defines their terms."""

    law: str
    number: str
    absatz: str | None
    label: str
    relation: str


class DefinitionOut(_Wire):
    """A term that the quoted law uses, with the words by which it defines it."""

    term: str
    text: str = Field(description="Wörtlich, ohne die Absatzbezeichnung")
    pinpoint: str = Field(description="Genaue Stelle, etwa „§ 2 Abs. 3 Satz 1 AufenthG“")
    law: str
    number: str
    absatz: str | None
    span: Span = Field(description="Stelle im Text der ganzen Vorschrift")


class SearchResponse(_Wire):
    """Ranked passages; several of one norm may appear."""

    hits: tuple[HitOut, ...]
    related: tuple[RelatedOut, ...] = Field(
        description="Zusammenhang der besten Treffer: Verweise und Begriffsbestimmungen"
    )
    query: QueryOut
    notices: tuple[str, ...] = Field(
        (), description="Etwa: welche Personendaten ausgeblendet wurden"
    )


class SuggestionOut(_Wire):
    """A curated question and the place that answers it."""

    text: str
    citation: str


class SuggestResponse(_Wire):
    """Questions for what has been typed so far, best first."""

    suggestions: tuple[SuggestionOut, ...]


class LawCoverageOut(_Wire):
    """How far the catalogue of curated questions covers a law."""

    law: str
    absaetze: int
    covered: int
    questions: int
    without: tuple[str, ...] = Field(description="Absätze ohne Frage")


class ClaimOut(_Wire):
    """A question that several norms claim."""

    question: str
    norms: tuple[str, ...]


class CoverageResponse(_Wire):
    """The catalogue, law by law, and its doubtful questions."""

    laws: tuple[LawCoverageOut, ...]
    claims: tuple[ClaimOut, ...]


class StatementOut(_Wire):
    """One statement of an answer."""

    text: str
    quote: bool
    citations: tuple[str, ...] = Field(description="Kennungen der tragenden Fundstellen")
    pinpoint: str = Field(description="Genaue Stelle, etwa „§ 16b Abs. 3 Satz 1 AufenthG“")
    kind: Kind
    checks: dict[str, bool]
    use: Use = Field(Use.ANSWER, description="Wozu das Zitat in der Antwort steht")
    joined: Joined | None = Field(
        None, description="Bei Aufzählungen: alle müssen vorliegen (all) oder eine genügt (one)"
    )
    figures: tuple[Span, ...] = Field((), description="Fristen, Alter, Beträge und Anteile in text")
    span: Span | None = Field(
        None, description="Bei Zitaten: Anfang und Ende im Text der ersten Fundstelle"
    )


class ModelOut(_Wire):
    """What a language model was used for, and how much."""

    name: str
    prompt_version: str = Field(description="Name, Fassung und Prüfsumme der Anweisungen")
    tokens_in: int
    tokens_out: int
    cost: float = Field(description="Euro nach den eingestellten Preisen; 0 ohne Preise")
    estimated: bool = Field(description="Ob die Zahlen geschätzt sind, weil das Modell nicht zählt")


class ApprovedOut(_Wire):
    """An answer to the same question that a reviewer approved; its wordings still stand."""

    id: str = Field(description="Kennung der gespeicherten Antwort")
    approved_by: str
    approved_on: date
    statements: tuple[StatementOut, ...]


class ApprovalOut(_Wire):
    """That an answer was approved."""

    id: str
    question: str
    approved_by: str
    approved_on: date
    places: tuple[str, ...] = Field(description="Schlüssel der zitierten Stellen")


class ApprovalsResponse(_Wire):
    """Approved answers."""

    approved: tuple[ApprovalOut, ...]
    lapsed: tuple[ApprovalOut, ...] = Field(description="Verfallen: ein Wortlaut änderte sich")


class AskResponse(_Wire):
    """An answer, or why there is none."""

    id: str
    outcome: Outcome
    message: str
    statements: tuple[StatementOut, ...]
    passages: tuple[PassageOut, ...]
    related: tuple[RelatedOut, ...]
    definitions: tuple[DefinitionOut, ...] = Field(
        (), description="Begriffe der zitierten Stellen, höchstens fünf, wo das Gesetz sie bestimmt"
    )
    notices: tuple[str, ...]
    as_of: date | None
    corpus_version: str
    label: str = Field(description="Was die Antwort ist und nicht ist, mit dem Stand der Gesetze")
    timings_ms: dict[str, float]
    understood: str | None = Field(
        None, description="Wie eine Anschlussfrage verstanden wurde; sonst null"
    )
    model: ModelOut | None = Field(
        None, description="Beteiligtes Sprachmodell; null: die Antwort kam ohne aus"
    )
    approved: ApprovedOut | None = Field(
        None, description="Geprüfte Antwort auf dieselbe Frage; null: es gibt keine"
    )


class SourcesEvent(_Wire):
    """First event of a streamed answer: the answer in quotes, with its passages."""

    answer: AskResponse


class StatementEvent(_Wire):
    """A checked statement of a streamed answer."""

    statement: StatementOut


class DoneEvent(_Wire):
    """Last event of a streamed answer: what counts, whatever was shown before."""

    answer: AskResponse


class SatzOut(_Wire):
    """A Satz within an Absatz."""

    number: int
    span: Span


class ItemOut(_Wire):
    """A Nummer or Buchstabe."""

    labels: tuple[str, ...]
    satz: int
    span: Span


class AbsatzOut(_Wire):
    """An Absatz with its parts; spans point into the norm's text."""

    absatz: str | None
    span: Span
    saetze: tuple[SatzOut, ...]
    items: tuple[ItemOut, ...]


class VersionOut(_Wire):
    """A wording and the days on which it stood in the official text."""

    first_seen: date
    last_seen: date
    current: bool
    stand: str
    """Stand line of the source when it was first seen."""


class TransitionOut(_Wire):
    """A transitional rule that may matter on the day asked for."""

    label: str
    hint: str


class ReferenceOut(_Wire):
    """A place that a norm refers to or is referred to from."""

    law: str | None
    number: str | None
    absatz: str | None
    label: str


class DocumentOut(_Wire):
    """A memo or decree that cites a norm."""

    id: str
    title: str
    citation: str
    url: str
    status: str
    review: str | None = Field(None, description="„zu prüfen: <Grund>“, wenn es zu prüfen ist")


class SchemeLineOut(_Wire):
    """A line of the scheme of a norm: words of the law, sorted by what they do."""

    place: str = Field(description="Genaue Stelle")
    text: str
    role: Role
    binding: Binding | None = Field(description="Wie viel Spielraum die Rechtsfolge lässt")
    joined: Joined | None


class NormResponse(_Wire):
    """A whole norm."""

    law: str
    number: str
    citation: str
    heading: str
    path: tuple[str, ...]
    text: str
    repealed: bool
    footnotes: tuple[str, ...]
    structure: tuple[AbsatzOut, ...]
    scheme: tuple[SchemeLineOut, ...] = Field(
        description="Prüfschema: Rechtsfolgen, Voraussetzungen, Versagungsgründe, Ausnahmen"
    )
    stand: str
    url: str
    summary: str | None = Field(description="Nichtamtliche Kurzfassung in eigenen Worten")
    summary_review: str | None = Field(None, description="„zu prüfen: <Grund>“ der Kurzfassung")
    versions: tuple[VersionOut, ...]
    references_out: tuple[ReferenceOut, ...]
    references_in: tuple[ReferenceOut, ...]
    documents: tuple[DocumentOut, ...]
    notices: tuple[str, ...]
    transitions: tuple[TransitionOut, ...] = Field(description="Übergangsregeln zum Stichtag")
    as_of: date | None


class AbsatzChange(_Wire):
    """How one Absatz differs between two days."""

    absatz: str | None
    change: Literal["added", "removed", "changed"]
    words: tuple[tuple[Literal["same", "removed", "added"], str], ...] = Field(
        description="Wortweise Folge: gleich, entfallen, neu"
    )


class DiffResponse(_Wire):
    """Changes of a norm per Absatz; empty if both days show the same wording."""

    law: str
    number: str
    from_version: date | None = Field(
        description="Erster Tag der älteren Fassung; null: es gab keine"
    )
    to_version: date | None
    changes: tuple[AbsatzChange, ...]


class ChangedNormOut(_Wire):
    """A norm that reads differently."""

    law: str
    number: str
    label: str
    kind: ChangeKind
    heading: str
    old_heading: str | None = Field(description="Frühere Überschrift, falls sie anders lautete")
    moved_from: str | None = Field(description="Vorschrift, unter der derselbe Text vorher stand")
    changes: tuple[AbsatzChange, ...]


class LawChangeOut(_Wire):
    """A law whose text is another one."""

    law: str
    old_stand: str
    new_stand: str = Field(description="Nennt das ändernde Gesetz")
    old_day: date = Field(description="Tag, an dem der ältere Text festgestellt wurde")
    new_day: date
    norms: tuple[ChangedNormOut, ...]


class CitingDocumentOut(_Wire):
    """A document that cites what changed."""

    id: str
    kind: Kind
    title: str
    url: str
    places: tuple[str, ...]


class AffectedOut(_Wire):
    """Who has to act on the change of a norm."""

    law: str
    number: str
    label: str
    use: int = Field(description="Wie oft Antworten die Vorschrift zitierten")
    documents: tuple[CitingDocumentOut, ...]
    questions: int = Field(description="Kuratierte Fragen an den geänderten Stellen")
    cases: tuple[str, ...] = Field(description="Kennungen der Testfälle mit dieser Stelle")
    answers: tuple[str, ...] = Field((), description="Kennungen freigegebener Antworten")


class ChangesResponse(_Wire):
    """What changed between two generations or two days."""

    name: str
    message: str
    laws: tuple[LawChangeOut, ...]
    affected: tuple[AffectedOut, ...] = Field(description="Meistzitierte Vorschriften zuerst")


class WaitingOut(_Wire):
    """A document that waits for a decision."""

    id: str
    title: str
    url: str
    reasons: tuple[str, ...]
    places: tuple[str, ...] = Field(description="Geänderte Stellen, auf denen es beruht")
    generations: tuple[int, ...] = Field(description="Bestände, die sie änderten")
    use: int = Field(description="Wie oft Antworten die geänderten Vorschriften zitierten")


class WaitingResponse(_Wire):
    """The worklist, most used first."""

    documents: tuple[WaitingOut, ...]


class ReviewOut(_Wire):
    """One review, open or decided."""

    opened_on: date
    reason: str
    generation: int | None
    decided_on: date | None
    decided_by: str
    decision: Decision | None
    note: str


class MemoResponse(_Wire):
    """What was decided on a document, and the files that were replaced."""

    id: str
    reviews: tuple[ReviewOut, ...]
    earlier_files: tuple[str, ...]


class GapOut(_Wire):
    """Questions with the same words that found nothing."""

    terms: tuple[str, ...]
    example: str = Field(description="Die letzte solche Frage, Personenbezogenes ausgeblendet")
    count: int
    outcome: Outcome
    day: date = Field(description="Zuletzt gefragt am")


class GapsResponse(_Wire):
    """What was asked and found nothing, the most frequent first."""

    gaps: tuple[GapOut, ...]


class ReferencesRequest(_Wire):
    """A text whose references are wanted."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"text": "nach § 26 Abs. 3 Satz 1 AufenthG"}]},
    )

    text: Annotated[str, Field(max_length=200_000)]


class FoundReference(_Wire):
    """A reference in a text."""

    start: int
    end: int
    text: str
    law: str | None
    number: str | None
    absatz: str | None
    satz: str | None
    nummer: str | None
    status: Literal["resolved", "ambiguous", "unknown"]


class ReferencesResponse(_Wire):
    """All references of a text in order."""

    references: tuple[FoundReference, ...]


class JobOrder(_Wire):
    """What a job is to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: JobKind
    laws: str = Field("", description="Quelle der Gesetze; leer: wie eingestellt")
    folder: str = Field(
        "", description="Verzeichnis datierter Dateien für „history“, Datei mit Fällen für „eval“"
    )


class JobOut(_Wire):
    """A job."""

    id: int
    kind: JobKind
    laws: str
    folder: str
    state: JobState
    active: bool = Field(description="Ob der Vorgang noch läuft")
    started_at: datetime
    ended_at: datetime | None
    pid: int | None
    exit_code: int | None = Field(description="Negativ: Signal; null: niemand hat das Ende gesehen")
    stage: str
    share: float = Field(description="Anteil des Abschnitts, 0 bis 1")
    code: str
    message: str


class JobDetail(JobOut):
    """A job with what it wrote."""

    log: str
    report: IngestReport | None = Field(description="Bericht; null: es kam nicht dazu")


class JobList(_Wire):
    """The last jobs, newest first."""

    jobs: tuple[JobOut, ...]


class UnborneOut(_Wire):
    """A sentence of a document that the norms it cites do not bear out."""

    document: str
    citation: str
    sentence: str
    places: tuple[str, ...]
    findings: tuple[str, ...] = Field(description="Was die Normen nicht tragen, in Sätzen")


class UnborneResponse(_Wire):
    """What was found in all documents."""

    sentences: tuple[UnborneOut, ...]


class DocumentEntry(_Wire):
    """A memo, decree or information for customers, with its state."""

    id: str
    title: str
    url: str
    kind: DocumentKind
    audience: Audience
    state: DocumentState
    reasons: tuple[str, ...] = Field(description="Warum es zu prüfen ist; leer, wenn es gültig ist")
    approved_on: date | None
    review_by: date | None
    stand: date | None = Field(description="Tag des Rechts, den das Dokument beschreibt")
    topics: tuple[str, ...]
    topic: str | None = Field(description="Thema der Einarbeitung, zu dem es gehört")
    norms: tuple[str, ...] = Field(description="Zitierte Vorschriften, die häufigsten zuerst")
    headings: tuple[str, ...] = Field(description="Überschriften, die zum Suchtext passen")


class DocumentsResponse(_Wire):
    """Documents that fit, with a text the best first."""

    documents: tuple[DocumentEntry, ...]


class GlossaryEntryOut(_Wire):
    """A word, what it means and what the statute calls it."""

    word: str
    also: tuple[str, ...] = Field(description="Weitere Schreibweisen und Wörter")
    kind: WordKind
    explain: str
    terms: tuple[str, ...] = Field(description="Wörter des Gesetzes")
    place: str | None = Field(description="Hauptstelle im Gesetz; null: es gibt keine einzelne")
    url: str


class GlossaryResponse(_Wire):
    """Entries of the glossary, the closest first."""

    entries: tuple[GlossaryEntryOut, ...]


class ErrorOut(_Wire):
    """Every error has this form."""

    code: str = Field(description="Stabile Kennung")
    message: str = Field(description="Deutscher Satz für Menschen")
    nearest: tuple[str, ...] = Field((), description="Nächstliegende Vorschriften, falls bekannt")
