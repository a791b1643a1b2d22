"""Personal data in what a person typed: found, and replaced by a word that says what it was."""

from rag.personal.masking import bare, hint, mask
from rag.personal.values import Masked, MaskedSpan, PersonalKind

__all__ = ["Masked", "MaskedSpan", "PersonalKind", "bare", "hint", "mask"]
