"""Compare the sources with what the store holds: what is new, changed, gone, and what is broken."""

from ingest.collect.documents import collect_documents
from ingest.collect.history import collect_history
from ingest.collect.laws import collect_laws
from ingest.collect.relink import relink
from ingest.collect.summaries import collect_summaries
from ingest.collect.values import Collected, Folder, Held

__all__ = [
    "Collected",
    "Folder",
    "Held",
    "collect_documents",
    "collect_history",
    "collect_laws",
    "collect_summaries",
    "relink",
]
