"""What can be wrong with a source: a closed list of codes, each with a German sentence and a cure."""

from __future__ import annotations

from enum import StrEnum


class SourceProblem(StrEnum):
    """Stable codes; scripts may rely on them."""

    NOT_FOUND = "not_found"
    NETWORK = "network"
    TOO_LARGE = "too_large"
    FORM_CHANGED = "form_changed"
    WRONG_LAW = "wrong_law"
    CUT_OFF = "cut_off"
    SOURCE_OLDER = "source_older"
    XML_BROKEN = "xml_broken"
    XML_HOSTILE = "xml_hostile"
    ZIP_BROKEN = "zip_broken"
    ZIP_TRAVERSAL = "zip_traversal"
    ZIP_RATIO = "zip_ratio"
    ZIP_MEMBERS = "zip_members"
    PDF_BROKEN = "pdf_broken"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_NO_TEXT = "pdf_no_text"
    PDF_TOO_LONG = "pdf_too_long"
    DOCX_BROKEN = "docx_broken"
    DOCX_MACROS = "docx_macros"
    DOCX_BOMB = "docx_bomb"
    MEMO_FRONT_MATTER = "memo_front_matter"
    MEMO_DUPLICATE_ID = "memo_duplicate_id"
    MEMO_UNKNOWN_REFERENCE = "memo_unknown_reference"
    MEMO_ENCODING = "memo_encoding"
    MEMO_EMPTY = "memo_empty"
    UNKNOWN_FORMAT = "unknown_format"
    UNREADABLE = "unreadable"
    FOLDER_MISSING = "folder_missing"
    READER_TIMEOUT = "reader_timeout"
    READER_CRASHED = "reader_crashed"


MESSAGES: dict[SourceProblem, str] = {
    SourceProblem.NOT_FOUND: "{source}: An der Quelle liegt keine Datei. Bitte prüfen Sie die Adresse.",
    SourceProblem.NETWORK: (
        "{source}: Die Quelle ist nicht erreichbar. Bitte prüfen Sie die Verbindung und versuchen "
        "Sie es später erneut."
    ),
    SourceProblem.TOO_LARGE: "{source}: Die Datei ist größer als erlaubt und wurde nicht gelesen.",
    SourceProblem.FORM_CHANGED: (
        "{source}: Die Datei hat nicht die erwartete Form der amtlichen Seite. Vermutlich wurde die "
        "Seite geändert; der bisherige Bestand bleibt gültig."
    ),
    SourceProblem.WRONG_LAW: (
        "{source}: Unter dieser Adresse liegt ein anderes Gesetz. Der bisherige Bestand bleibt gültig."
    ),
    SourceProblem.CUT_OFF: (
        "{source}: Die Datei enthält weit weniger Vorschriften als der Bestand. Vermutlich ist sie "
        "unvollständig; der bisherige Bestand bleibt gültig."
    ),
    SourceProblem.SOURCE_OLDER: (
        "{source}: Die Datei ist älter als der Bestand, der deshalb gilt. Frühere Fassungen trägt "
        "„fundstelle history“ nach."
    ),
    SourceProblem.XML_BROKEN: "{source}: Das XML ist beschädigt oder unvollständig.",
    SourceProblem.XML_HOSTILE: (
        "{source}: Das XML enthält eigene Entitäten. Amtliche Dateien tun das nicht; die Datei wurde "
        "abgewiesen."
    ),
    SourceProblem.ZIP_BROKEN: "{source}: Das Archiv ist beschädigt. Bitte laden Sie es neu.",
    SourceProblem.ZIP_TRAVERSAL: (
        "{source}: Das Archiv enthält Namen, die aus dem Verzeichnis hinausführen, und wurde "
        "abgewiesen."
    ),
    SourceProblem.ZIP_RATIO: (
        "{source}: Das Archiv ist ungewöhnlich stark gepackt und wurde abgewiesen."
    ),
    SourceProblem.ZIP_MEMBERS: "{source}: Das Archiv enthält nicht genau eine XML-Datei.",
    SourceProblem.PDF_BROKEN: (
        "{source}: Das PDF ist beschädigt oder unvollständig. Bitte erzeugen Sie es neu."
    ),
    SourceProblem.PDF_ENCRYPTED: (
        "{source}: Das PDF ist mit einem Kennwort geschützt. Bitte speichern Sie es ohne Kennwort."
    ),
    SourceProblem.PDF_NO_TEXT: (
        "{source}: Das PDF enthält keinen Text, vermutlich ist es eingescannt. Bitte lassen Sie eine "
        "Texterkennung (OCR) laufen."
    ),
    SourceProblem.PDF_TOO_LONG: (
        "{source}: Das PDF hat zu viele Seiten. Bitte teilen Sie es in kleinere Dateien."
    ),
    SourceProblem.DOCX_BROKEN: (
        "{source}: Die Word-Datei ist beschädigt. Bitte speichern Sie sie neu als DOCX."
    ),
    SourceProblem.DOCX_MACROS: (
        "{source}: Die Word-Datei enthält Makros. Bitte speichern Sie sie als DOCX ohne Makros."
    ),
    SourceProblem.DOCX_BOMB: (
        "{source}: Die Word-Datei ist entpackt ungewöhnlich groß und wurde abgewiesen."
    ),
    SourceProblem.MEMO_FRONT_MATTER: (
        "{source}: Der Kopf der Datei (id, title, audience ...) fehlt oder ist fehlerhaft. Bitte "
        "ergänzen Sie ihn nach dem Muster in docs/arbeitshilfen.md."
    ),
    SourceProblem.MEMO_DUPLICATE_ID: (
        "{source}: Die Kennung ist schon vergeben. Bitte wählen Sie eine andere „id“."
    ),
    SourceProblem.MEMO_UNKNOWN_REFERENCE: (
        "{source}: Die Datei verweist auf eine Vorschrift, die es im Bestand nicht gibt. Das Dokument "
        "wurde dennoch übernommen; bitte prüfen Sie die Stelle."
    ),
    SourceProblem.MEMO_ENCODING: "{source}: Die Datei ist kein Text in UTF-8. Bitte speichern Sie sie so.",
    SourceProblem.MEMO_EMPTY: "{source}: Die Datei enthält keinen Text.",
    SourceProblem.UNKNOWN_FORMAT: "{source}: Gelesen werden nur Markdown, PDF und DOCX.",
    SourceProblem.UNREADABLE: (
        "{source}: Die Datei lässt sich nicht öffnen. Bitte prüfen Sie die Zugriffsrechte."
    ),
    SourceProblem.FOLDER_MISSING: (
        "{source}: Dieses Verzeichnis gibt es nicht oder es ist nicht eingehängt. Die Dokumente "
        "daraus bleiben im Bestand, wie sie waren."
    ),
    SourceProblem.READER_TIMEOUT: (
        "{source}: Das Lesen dauerte zu lange und wurde abgebrochen. Bitte prüfen Sie die Datei."
    ),
    SourceProblem.READER_CRASHED: (
        "{source}: Die Datei brachte das Lesen zum Absturz und wurde übersprungen."
    ),
}


class SourceError(Exception):
    """A source, or one file of it, that cannot be taken in."""

    def __init__(self, code: SourceProblem, source: str, *, detail: str = "") -> None:
        self.code = code
        self.source = source
        """Slug of the law, or path of the file below its folder."""
        self.detail = detail
        """What exactly was found, for the report; may be empty."""
        super().__init__(code, source, detail)

    @property
    def message(self) -> str:
        """The German sentence with its cure, and the detail in brackets."""
        sentence = MESSAGES[self.code].format(source=self.source)
        return f"{sentence} ({self.detail})" if self.detail else sentence
