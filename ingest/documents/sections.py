"""Collect headings and paragraphs into sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.models import Section

# A document without headings is cut at paragraph ends after about this many words.
_WORDS_WITHOUT_HEADINGS = 250


@dataclass(slots=True)
class SectionBuilder:
    """Takes a document in reading order and gives its sections."""

    _done: list[Section] = field(default_factory=list)
    _path: list[tuple[int, str]] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _page: int | None = None

    def heading(self, level: int, text: str, page: int | None = None) -> None:
        """A heading of ``level`` (1 is the highest) begins a section."""
        self._finish()
        self._path = [(depth, title) for depth, title in self._path if depth < level]
        self._path.append((level, text))
        self._page = page

    def line(self, text: str, page: int | None = None) -> None:
        """A paragraph, a list entry or the row of a table."""
        if text.strip():
            if not self._lines and self._page is None:
                self._page = page
            self._lines.append(text.strip())

    def sections(self) -> tuple[Section, ...]:
        """Everything collected; a document without headings is cut by length."""
        self._finish()
        if len(self._done) == 1 and not self._done[0].heading:
            return _cut(self._done[0])
        return tuple(self._done)

    def _finish(self) -> None:
        if self._lines:
            titles = [title for _, title in self._path]
            self._done.append(
                Section(
                    heading=titles[-1] if titles else "",
                    path=tuple(titles[:-1]),
                    text="\n".join(self._lines),
                    page=self._page,
                )
            )
        self._lines = []
        self._page = None


def _cut(section: Section) -> tuple[Section, ...]:
    parts: list[Section] = []
    lines: list[str] = []
    words = 0
    for line in section.text.split("\n"):
        lines.append(line)
        words += len(line.split())
        if words >= _WORDS_WITHOUT_HEADINGS:
            parts.append(Section("", (), "\n".join(lines), section.page))
            lines, words = [], 0
    if lines:
        parts.append(Section("", (), "\n".join(lines), section.page))
    return tuple(parts)
