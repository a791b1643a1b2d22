"""A run as a page that opens without a server: tables with n and intervals, every case in full."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from eval.results import Run
from eval.risk import risk_curve
from eval.stats import Estimate
from eval.summary import METRICS, summarise


def write_page(run: Run, path: Path) -> None:
    """Write the HTML page of a run."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(["html"])
    )
    environment.filters["estimate"] = _estimate
    template = environment.get_template("report.html")
    curves = {
        system.system: curve
        for system in run.systems
        if (curve := risk_curve(system.cases)) is not None
    }
    html = template.render(run=run, rows=summarise(run), metrics=METRICS, curves=curves)
    path.write_text(html, encoding="utf-8")


def _estimate(value: Estimate) -> str:
    if value.mean is None:
        return "n/a"
    if value.low is None or value.high is None:
        return f"{value.mean:.3f}"
    return f"{value.mean:.3f} [{value.low:.3f}; {value.high:.3f}]"
