"""Bad input to the evaluation: a sentence for the person, a stable code for the machine."""

from __future__ import annotations


class Refused(Exception):
    """What was asked for cannot be done."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        """HTTP status."""
        self.code = code
        self.message = message
        """German: what is wrong, and what to do."""
        super().__init__(status, code, message)
