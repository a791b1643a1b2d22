"""What can be evaluated: anything that ranks places for a question, and perhaps answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from corpus.citations import Inventory, Resolved, find, resolve
from corpus.models import Kind, NormRef
from eval.cases import Case
from eval.results import HitResult, SystemSettings
from rag.outcome import Outcome

# As many as the page of a case shows.
_HITS_KEPT = 10


@dataclass(frozen=True, slots=True)
class GivenStatement:
    """One statement of an answer, as the evaluation sees it."""

    text: str
    quote: bool
    pinpoint: str
    place: NormRef | None
    """The place its passage stands for; None for memos."""
    valid: bool
    """Its pinpoint names a place that exists, and its passages are part of the answer."""
    verbatim: bool
    """The quote stands word for word in one of its passages."""
    use: str = ""
    """What it does in the answer, as the contract names it."""
    checks: Mapping[str, bool] = field(default_factory=dict)
    """The service's own checks of it."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer, as the evaluation sees it."""

    outcome: Outcome
    statements: tuple[GivenStatement, ...]
    message: str = ""
    notices: tuple[str, ...] = ()
    corpus_version: str = ""
    model: str = ""
    """Language model that took part; "" if none did."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a system finds for a question."""

    places: tuple[NormRef, ...]
    """Places of laws, best first; several of one norm may appear."""
    confidence: float | None = None
    """Its own estimate that the first five norms hold the answer; None if it gives none."""
    hits: tuple[HitResult, ...] = ()
    """The best passages, documents among them, with the arithmetic of their rank; () if it gives none."""


class System(Protocol):
    """Something that is evaluated."""

    name: str
    version: str
    """What of it was evaluated: the corpus version, or a description."""
    names_absatz: bool
    """Its places say the Absatz; else only the measures of whole norms are scored."""
    settings: SystemSettings | None
    """None for what has none."""

    def rank(self, case: Case, k: int) -> Ranking:
        """Up to ``k`` places for the question of a case."""
        ...

    def answer(self, case: Case) -> GivenAnswer | None:
        """The answer; None if the system only ranks."""
        ...


class FundstelleHttp:
    """A running Fundstelle, asked through its HTTP contract as any other client."""

    name = "fundstelle"
    names_absatz = True

    def __init__(self, client: httpx.Client, inventory: Inventory) -> None:
        self._client = client
        self._inventory = inventory
        answer = client.get("/readyz")
        answer.raise_for_status()
        ready = answer.json()
        self.version = str(ready["corpus_version"])
        self.settings: SystemSettings | None = SystemSettings(
            encoder=ready["encoder"], reranker=ready["reranker"], model=ready["model"]
        )

    def rank(self, case: Case, k: int) -> Ranking:
        """Places of the hits of ``GET /api/search``."""
        after = case.history[-1] if case.history else ""
        query: dict[str, str | int] = {"q": case.question, "k": k, "after": after}
        answer = self._client.get("/api/search", params=query)
        answer.raise_for_status()
        body = answer.json()
        return Ranking(
            tuple(
                NormRef(hit["law"], hit["number"], hit["absatz"])
                for hit in body["hits"]
                if hit["law"] is not None
            ),
            float(body["query"]["confidence"]),
            tuple(
                HitResult(
                    citation=hit["citation"],
                    heading=hit["heading"],
                    why=hit["why"],
                    score=hit["score"],
                )
                for hit in body["hits"][:_HITS_KEPT]
            ),
        )

    def answer(self, case: Case) -> GivenAnswer:
        """The statements of ``POST /api/ask``."""
        body = {"question": case.question, "history": case.history}
        answer = self._client.post("/api/ask", json=body)
        answer.raise_for_status()
        given = answer.json()
        passages = {passage["id"]: passage for passage in given["passages"]}
        return GivenAnswer(
            Outcome(given["outcome"]),
            tuple(self._statement(statement, passages) for statement in given["statements"]),
            message=given["message"],
            notices=tuple(given["notices"]),
            corpus_version=given["corpus_version"],
            model=given["model"]["name"] if given["model"] else "",
        )

    def _statement(
        self, statement: dict[str, object], passages: dict[str, dict[str, object]]
    ) -> GivenStatement:
        citations = statement["citations"]
        ids = [str(id_) for id_ in citations] if isinstance(citations, list) else []
        cited = [passages[id_] for id_ in ids if id_ in passages]
        text, pinpoint = str(statement["text"]), str(statement["pinpoint"])
        checks = statement["checks"]
        place = None
        if cited and cited[0]["kind"] in (Kind.LAW, Kind.SUMMARY):
            absatz = cited[0]["absatz"]
            place = NormRef(
                str(cited[0]["law"]),
                str(cited[0]["number"]),
                None if absatz is None else str(absatz),
            )
        return GivenStatement(
            text=text,
            quote=bool(statement["quote"]),
            pinpoint=pinpoint,
            place=place,
            valid=bool(ids) and len(cited) == len(ids) and self._exists(pinpoint, place),
            verbatim=any(text in str(passage["text"]) for passage in cited),
            use=str(statement["use"]),
            checks=checks if isinstance(checks, dict) else {},
        )

    def _exists(self, pinpoint: str, place: NormRef | None) -> bool:
        """A law's pinpoint must resolve to a place inside its passage's."""
        if place is None:
            return True
        mentions = find(pinpoint)
        if len(mentions) != 1:
            return False
        resolution = resolve(mentions[0], self._inventory)
        return isinstance(resolution, Resolved) and any(
            place.covers(ref) for ref in resolution.refs
        )
