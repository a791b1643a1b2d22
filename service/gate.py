"""The quality gate: a new generation that answers clearly worse does not get to answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service.settings import Settings

if TYPE_CHECKING:
    from ingest.pipeline import Inspection


def inspection(settings: Settings, case_file: Path) -> Inspection | None:
    """What looks at a built generation; None if the setting or the missing cases turn it off."""
    from sqlalchemy import Engine

    from corpus.cases import read_cases
    from corpus.store.reading import Published, published
    from ingest.check import GenerationBroken
    from rag.errors import NotReady
    from rag.probe import probe

    if settings.margin >= 1 or not case_file.is_file():
        return None

    def inspect(engine: Engine, candidate: Published) -> None:
        cases = [case for _, case in read_cases(case_file)]
        try:
            result = probe(
                engine,
                settings.folder,
                candidate,
                published(engine),
                cases,
                settings.margin,
                settings.encoder,
            )
        except NotReady as error:
            raise GenerationBroken(error.message) from error
        if result is not None and result.drop > settings.margin:
            raise GenerationBroken(
                f"von {result.asked} Probefragen beantwortet er {result.found_now}, der bisherige "
                f"{result.found_before}; verloren: {', '.join(result.lost)} (FUNDSTELLE_MARGIN)"
            )

    return inspect
