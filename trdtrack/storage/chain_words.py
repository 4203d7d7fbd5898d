"""The one title by which the history knows the line of an erasure."""

from __future__ import annotations

from trdtrack.domain.message import message

ERASE = message("Erase patient")
"""The title of the line that stands for a patient taken out on a lawful request."""
