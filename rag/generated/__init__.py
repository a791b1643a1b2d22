"""The formulated answer: a language model writes statements, each is shown only once it is checked."""

from rag.generated.answering import Asked, Mode, reply_events, whole_reply
from rag.generated.model import Endpoint, Failure, prepare
from rag.generated.replies import Done, Event, ModelUse, Reply, Shown, Sources

__all__ = [
    "Asked",
    "Done",
    "Endpoint",
    "Event",
    "Failure",
    "Mode",
    "ModelUse",
    "Reply",
    "Shown",
    "Sources",
    "prepare",
    "reply_events",
    "whole_reply",
]
