"""Read memos and decrees from Markdown, PDF and DOCX."""

from ingest.documents.front_matter import SIDECAR_SUFFIX
from ingest.documents.reader import LARGEST, document_files, read_documents

__all__ = ["LARGEST", "SIDECAR_SUFFIX", "document_files", "read_documents"]
