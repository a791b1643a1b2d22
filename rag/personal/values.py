"""What counts as personal, and what a text looks like without it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.models import Span


class PersonalKind(StrEnum):
    """What names a person, or a case of one."""

    AZR_NUMBER = "azr_number"
    BAMF_FILE = "bamf_file"
    """File number of the asylum authority: seven digits and the number of the country."""
    PASSPORT = "passport"
    """Number of a passport, identity card or residence card."""
    FILE_NUMBER = "file_number"
    """Aktenzeichen of a court or an authority."""
    NAME = "name"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    ADDRESS = "address"

    @property
    def label(self) -> str:
        """German name."""
        return _LABELS[self]

    @property
    def placeholder(self) -> str:
        """What stands in the text instead."""
        return f"[{self.label}]"


_LABELS = {
    PersonalKind.AZR_NUMBER: "AZR-Nummer",
    PersonalKind.BAMF_FILE: "BAMF-Aktenzeichen",
    PersonalKind.PASSPORT: "Passnummer",
    PersonalKind.FILE_NUMBER: "Aktenzeichen",
    PersonalKind.NAME: "Name",
    PersonalKind.BIRTH_DATE: "Geburtsdatum",
    PersonalKind.EMAIL: "E-Mail",
    PersonalKind.PHONE: "Telefon",
    PersonalKind.IBAN: "IBAN",
    PersonalKind.ADDRESS: "Anschrift",
}


@dataclass(frozen=True, slots=True, order=True)
class MaskedSpan:
    """One stretch of a text that is personal."""

    span: Span
    """Into the original text."""
    kind: PersonalKind


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data."""

    text: str
    """With a placeholder for each stretch."""
    found: tuple[MaskedSpan, ...]
    """In the order of the text, without overlap; () if nothing was personal."""

    @property
    def kinds(self) -> tuple[PersonalKind, ...]:
        """Each kind once, in the order of the text."""
        return tuple(dict.fromkeys(found.kind for found in self.found))
