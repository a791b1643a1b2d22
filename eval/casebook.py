"""All files of cases: those that come with the project, read only, and the office's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from corpus.case_file import CaseFile, CaseGone
from corpus.cases import Case
from eval.refusal import Refused

SHIPPED = Path(__file__).parent / "cases"
SHIPPED_CHECKED = date(2025, 3, 5)
"""Stand of the law against which the shipped cases were checked twice (docs/adr/0008)."""
OWN = "eigene"
"""Name of the file that new cases and copies go into."""
FROM_FEEDBACK = "feedback"
_TITLES = {
    "dev": "Entwicklung (mitgeliefert)",
    "test": "Test (mitgeliefert)",
    OWN: "Eigene Fälle",
    FROM_FEEDBACK: "Aus Rückmeldungen",
}


@dataclass(frozen=True, slots=True)
class BookFile:
    """One file of cases."""

    name: str
    """In addresses and commands."""
    path: Path
    own: bool
    """Whether the office may change it."""

    @property
    def title(self) -> str:
        """German, for lists."""
        return _TITLES.get(self.name, self.name)

    @property
    def checked(self) -> date | None:
        """Day for cases that bring none of their own; None: nobody has checked them."""
        return None if self.own else SHIPPED_CHECKED

    def cases(self) -> tuple[Case, ...]:
        """In their order; raises :class:`corpus.cases.CaseError`."""
        return CaseFile(self.path).cases()


@dataclass(frozen=True, slots=True)
class Casebook:
    """The files of an installation; ``own`` is the folder of the office's own."""

    own: Path
    shipped: Path = SHIPPED

    def files(self) -> tuple[BookFile, ...]:
        """Shipped ones first; the two that the pages write to are there before they exist."""
        shipped = [BookFile(p.stem, p, own=False) for p in sorted(self.shipped.glob("*.jsonl"))]
        taken = {file.name for file in shipped}
        names = dict.fromkeys(
            (OWN, FROM_FEEDBACK, *(p.stem for p in sorted(self.own.glob("*.jsonl"))))
        )
        own = [
            BookFile(
                f"{name}-{OWN}" if name in taken else name, self.own / f"{name}.jsonl", own=True
            )
            for name in names
        ]
        return (*shipped, *own)

    def file(self, name: str) -> BookFile:
        """A file by its name; raises :class:`Refused`."""
        for file in self.files():
            if file.name == name:
                return file
        raise Refused(404, "unknown_case_file", f"Eine Datei „{name}“ mit Fällen gibt es nicht.")

    def case(self, name: str, id_: str) -> tuple[BookFile, Case]:
        """A case by its file and id; raises :class:`Refused`."""
        file = self.file(name)
        for case in file.cases():
            if case.id == id_:
                return file, case
        raise Refused(404, "unknown_case", f"Einen Fall „{id_}“ gibt es in „{file.title}“ nicht.")

    def add(self, case: Case) -> Case:
        """Append a case to the own file under a number of its own; returns it as it is kept."""

        def numbered(held: Sequence[Case]) -> list[Case]:
            ids = {one.id for one in held}
            number = next(n for n in count(len(ids) + 1) if f"eigen-{n}" not in ids)
            return [case.model_copy(update={"id": f"eigen-{number}"})]

        (new,) = CaseFile(self.file(OWN).path).add(numbered)
        return new

    def replace(self, file: BookFile, old: Case, new: Case | None) -> None:
        """Change an own case, None: remove it; raises :class:`Refused`."""
        if not file.own:
            message = (
                f"„{file.title}“ wird mit dem Programm geliefert und hier nicht geändert. Kopieren Sie den "
                "Fall in die eigenen, um ihn zu bearbeiten."
            )
            raise Refused(403, "shipped_case", message)
        try:
            CaseFile(file.path).replace(old, new)
        except CaseGone as error:
            message = "Jemand anderes hat diesen Fall inzwischen geändert oder gelöscht."
            raise Refused(409, "case_changed", message) from error
