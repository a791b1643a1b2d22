"""The main navigation: what Fundstelle consists of for the people who use it."""

from __future__ import annotations

SECTIONS = (
    ("fragen", "/", "Fragen"),
    ("wissen", "/wissen", "Wissen"),
    ("einarbeitung", "/einarbeitung", "Einarbeitung"),
    ("glossar", "/glossar", "Glossar"),
    ("verwaltung", "/verwaltung", "Verwaltung"),
)
"""Name in the templates, address, title; pages of other packages come in before the last one."""
