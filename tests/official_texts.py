"""The official texts of one mirror, parsed once for the tests of the curated data."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.laws import known_laws
from corpus.models import Norm
from ingest.archive import read_single_xml
from ingest.fetch import MirrorFolder
from ingest.gii import parse_law
from ingest.references import Outline


class OfficialTexts:
    """All norms of a mirror, with their outline."""

    def __init__(self, origin: MirrorFolder) -> None:
        self.outline = Outline(None)
        self._norms: dict[tuple[str, str], Norm] = {}
        for law in known_laws().items:
            fetched = origin.fetch(law.slug, {})
            assert fetched is not None
            text = parse_law(read_single_xml(fetched.data, law.slug), law)
            self.outline.add(text)
            for norm in text.norms:
                self._norms[norm.law, norm.number] = norm

    def norm(self, law: str, number: str) -> Norm | None:
        """A norm by law and number."""
        return self._norms.get((law, number))

    def norms(self) -> Iterable[Norm]:
        """All norms of all laws."""
        return self._norms.values()
