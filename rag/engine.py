"""The public Python interface: opens the published generation and follows it when it changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from corpus.generation.files import DataFolder
from corpus.generation.foreign import TORCH, ModelUnusable, Runtime
from corpus.generation.manifest import Manifest
from corpus.generation.vectors import check_server
from corpus.models import Audience
from corpus.store.database import open_database
from corpus.store.reading import Published, published
from rag.answer import Answer, compose
from rag.errors import ModelNotReady, NotReady, vectors_of
from rag.index import DEFAULT_ENCODER, Index, Scope, open_index
from rag.nli import Judge
from rag.personal import bare, mask
from rag.rerank import Reranker
from rag.search import SearchResult, search
from rag.suggest import Suggestion

# Seconds between two looks at the published generation.
_LOOK_EVERY = 1.0
# Seconds after which no request works on a generation that was replaced.
_LONGEST_REQUEST = 30.0
_LOG = logging.getLogger("fundstelle")
# Passages that an answer is composed from.
_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """An extractive answer with what it was composed from."""

    index: Index
    result: SearchResult
    answer: Answer


class Fundstelle:
    """Searches and answers on the published generation; safe to use from several threads.

    A request works on one generation from beginning to end; a newer one is opened in the
    background and takes over between requests.
    """

    def __init__(
        self,
        data: DataFolder,
        database: str | None = None,
        encoder: str = DEFAULT_ENCODER,
        reranker: str = "",
        runtime: Runtime = TORCH,
        nli: str = "",
    ) -> None:
        """``reranker`` and ``nli`` name cross-encoders ("" for none), run on ``runtime``."""
        self._data = data
        self._engine: Engine = open_database(database or data.database)
        self._encoder = encoder
        self._reranker_name, self._runtime = reranker, runtime
        self._reranker: Reranker | None = None
        self._nli_name = nli
        self._nli: Judge | None = None
        self._index: Index | None = None
        self._looked = 0.0
        self._opening = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The database, for those who read the corpus beside the index."""
        return self._engine

    def index(self) -> Index:
        """The generation that answers now.

        Raises :class:`rag.errors.NotReady` before the first ingest or without a model it needs.
        """
        now = time.monotonic()
        current = self._index
        if current is None:
            with self._opening:
                return self._index or self._open()
        if now - self._looked >= _LOOK_EVERY:
            self._looked = now
            threading.Thread(target=self.follow, daemon=True).start()
        return current

    @property
    def opened(self) -> Manifest | None:
        """The card of the open generation; None until one was opened. Never waits."""
        return self._index.manifest if self._index is not None else None

    def ready(self) -> Manifest:
        """The card of the generation that answers now; raises as :meth:`index` if none can."""
        manifest = self.index().manifest
        with vectors_of(manifest.name):
            check_server(self._data.chroma)
        return manifest

    def follow(self) -> None:
        """Open a newer generation, if there is one, and let it take over."""
        if not self._opening.acquire(blocking=False):
            return
        try:
            latest = published(self._engine)
            if latest and (self._index is None or latest.number != self._index.number):
                before = self._index
                self._index = self._read(latest)
                if before is not None:
                    self._retire(before)
        except Exception:
            # The generation in use goes on; the next look tries again.
            _LOG.exception("follow_failed")
        finally:
            self._opening.release()

    def _retire(self, index: Index) -> None:
        """Close an index once every request that still works on it is done."""
        timer = threading.Timer(_LONGEST_REQUEST, index.close)
        timer.daemon = True
        timer.start()

    def _open(self) -> Index:
        latest = published(self._engine)
        if latest is None:
            raise NotReady("Es gibt noch keinen Bestand.")
        self._index = self._read(latest)
        self._looked = time.monotonic()
        return self._index

    def _read(self, latest: Published) -> Index:
        """Open a generation; the cross-encoders are loaded with the first one and kept."""
        try:
            if self._reranker_name and self._reranker is None:
                self._reranker = Reranker(self._reranker_name, self._runtime)
            if self._nli_name and self._nli is None:
                self._nli = Judge(self._nli_name, self._runtime)
        except ModelUnusable as error:
            raise ModelNotReady(error) from error
        return open_index(
            self._engine, self._data, latest, self._encoder, self._reranker, self._nli
        )

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        as_of: date | None = None,
        audience: Audience | None = None,
        laws: tuple[str, ...] | None = None,
        history: Sequence[str] = (),
    ) -> SearchResult:
        """Rank passages; raises :class:`rag.errors.BadQuestion` or :class:`~rag.errors.NotReady`.

        Without ``as_of`` the day of the law that the question names counts.
        """
        return self._search(self.index(), question, k, Scope(audience, laws, as_of), history)

    def ask(
        self,
        question: str,
        *,
        as_of: date | None = None,
        audience: Audience | None = None,
        laws: tuple[str, ...] | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """Answer a question with quotes; takes and raises what :meth:`search` does."""
        draft = self.draft(question, as_of=as_of, audience=audience, laws=laws, history=history)
        return draft.answer

    def draft(
        self,
        question: str,
        *,
        as_of: date | None = None,
        audience: Audience | None = None,
        laws: tuple[str, ...] | None = None,
        history: Sequence[str] = (),
    ) -> Draft:
        """As :meth:`ask`, with the ranking behind the answer: what a language model may write from."""
        index = self.index()
        result = self._search(index, question, _DEPTH, Scope(audience, laws, as_of), history)
        return Draft(index, result, compose(index, result))

    def _search(
        self,
        index: Index,
        question: str,
        k: int,
        scope: Scope,
        history: Sequence[str],
    ) -> SearchResult:
        with vectors_of(index.manifest.name):
            return search(index, question, k=k, scope=scope, history=history)

    def suggest(self, typed: str, most: int = 8) -> tuple[Suggestion, ...]:
        """Curated questions that hold what has been typed so far, best first."""
        index = self.index()
        withdrawn = index.reader.register.now().withdrawn
        return index.suggester.suggest(bare(mask(typed).text), most, withdrawn)

    def close(self) -> None:
        """Release index and database."""
        if self._index is not None:
            self._index.close()
        self._engine.dispose()
