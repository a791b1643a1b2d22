"""Pages that other packages bring: found by their entry point, rendered and guarded by the service.

The service imports none of these packages (docs/adr/0016). One that cannot be loaded is named in the
log and left out; everything else answers as usual.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from service import errors, rendering
from service.host import Host
from service.navigation import SECTIONS
from service.observe import log_event

GROUP = "fundstelle.pages"


@runtime_checkable
class PagePlugin(Protocol):
    """What an entry point of the group names."""

    @property
    def title(self) -> str:
        """Of its first page, at ``/<name of the entry point>``, in the main navigation."""
        ...

    @property
    def router(self) -> APIRouter:
        """The pages; they find the :class:`service.host.Host` at ``request.app.state.host``."""
        ...

    @property
    def templates(self) -> Path:
        """Folder of templates that extend ``base.html``."""
        ...

    @property
    def static(self) -> Path:
        """Folder served below ``/static/<name of the entry point>/``."""
        ...

    @property
    def refusal(self) -> type[Exception]:
        """What the pages raise for bad input; it brings ``status``, ``code`` and ``message``."""
        ...


def install(app: FastAPI) -> None:
    """Add the pages of all plugins to ``app``; call it before anything else is mounted at ``/static``."""
    found = dict(_loaded(entry_points(group=GROUP)))
    # The administration stays at the end of the navigation.
    places = tuple((name, f"/{name}", plugin.title) for name, plugin in found.items())
    app.state.sections = (*SECTIONS[:-1], *places, SECTIONS[-1])
    app.state.host = Host([plugin.templates for plugin in found.values()])
    for name, plugin in found.items():
        app.include_router(plugin.router)
        app.mount(f"/static/{name}", StaticFiles(directory=plugin.static), name=name)
        errors.also(app, plugin.refusal, rendering.failure)


def _loaded(found: Iterable[EntryPoint]) -> Iterator[tuple[str, PagePlugin]]:
    for entry in found:
        try:
            plugin = entry.load()
        except Exception as error:  # whatever a package does when it is imported
            log_event("pages_not_loaded", name=entry.name, reason=repr(error))
            continue
        if isinstance(plugin, PagePlugin) and plugin.templates.is_dir() and plugin.static.is_dir():
            yield entry.name, plugin
        else:
            log_event("pages_not_loaded", name=entry.name, reason=f"no pages: {entry.value}")
