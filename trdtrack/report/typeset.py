"""Turns a template, data and pictures into a tagged, archivable PDF. The only file that knows typst.

The template is markup; everything about a patient goes in as JSON text and is never read as markup.
"""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import typst

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import date

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_GLYPH = "could not be displayed with font"
# An import of anything but a plain name: nothing but the template itself is there to be imported.
_OUTSIDE = re.compile(r"""["'(]\s*@|\\u\{0*40\}|\b(?:import|include)\s*["(\[{]""")

MISSING_LETTERS = message(
    "Some characters are in no font of this computer and are not shown. This file therefore makes no claim to "
    "PDF/UA-1 and PDF/A-2a."
)


@dataclass(frozen=True)
class Paper:
    """A finished PDF. `dropped` says what had to be left out, if anything."""

    pdf: bytes
    dropped: Message | None = None
    draw: Callable[[int], list[bytes]] = field(kw_only=True, repr=False, compare=False)
    """Returns each page as a PNG of so many dots an inch: what a printer is given."""


def compile_pdf(template: str, data: dict[str, Any], *, images: dict[str, bytes], made: date) -> Paper:
    """Typeset a document.

    The template reads `json(bytes(sys.inputs.data))` and, for each SVG, `bytes(sys.inputs.at("its name"))`;
    `sys.inputs.dropped` is what has to be said on the page, mostly nothing. Refuses a template that reaches outside
    itself, and any that does not compile.
    """
    if _OUTSIDE.search(template):
        raise Refusal(
            message(
                "The report template imports a package or another file. Templates stand alone: "
                "the program never downloads."
            )
        )
    inputs = {name: svg.decode("utf-8") for name, svg in images.items()}
    inputs |= {"data": json.dumps(data, ensure_ascii=False), "dropped": ""}
    for system_fonts in (False, True):
        try:
            return _paper(template, inputs, _STANDARDS, made, system_fonts=system_fonts)
        except typst.TypstError as error:
            if _GLYPH not in f"{error.message} {error.diagnostic}":
                raise _refusal(error) from None
    inputs["dropped"] = say(MISSING_LETTERS)
    try:
        return _paper(template, inputs, [], made, system_fonts=True, dropped=MISSING_LETTERS)
    except typst.TypstError as error:
        raise _refusal(error) from None


def _paper(
    template: str,
    inputs: dict[str, str],
    standards: list[typst.PDFStandard],
    made: date,
    *,
    system_fonts: bool,
    dropped: Message | None = None,
) -> Paper:
    def pages(dots_an_inch: int) -> list[bytes]:
        with _compiler(template, inputs, system_fonts=system_fonts) as compiler:
            found = compiler.compile(format="png", ppi=dots_an_inch)
        return found if isinstance(found, list) else [found]  # pyright: ignore[reportReturnType] - no output path

    stamp = datetime(made.year, made.month, made.day, tzinfo=UTC)
    with _compiler(template, inputs, system_fonts=system_fonts) as compiler:
        pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=stamp)
    assert isinstance(pdf, bytes)  # noqa: S101 - one document, no output path
    return Paper(pdf, dropped, draw=pages)


@cache
def _fonts(*, system: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=False,
        font_paths=[str(resources() / "fonts")],
    )


@contextmanager
def _compiler(template: str, inputs: dict[str, str], *, system_fonts: bool) -> Generator[typst.Compiler]:
    with tempfile.TemporaryDirectory(prefix="trdtrack-") as nothing:
        yield typst.Compiler(
            input=template.encode("utf-8"),
            root=nothing,
            font_paths=_fonts(system=system_fonts),
            ignore_system_fonts=not system_fonts,
            sys_inputs=inputs,
            package_path=nothing,
            package_cache_path=nothing,
        )


def _refusal(error: typst.TypstError) -> Refusal:
    """Say what is wrong without the trace: typst's own words may quote the template, never the patient."""
    at = re.search(r"__typst_py_bytes__\.typ:(\d+):", error.diagnostic)
    if at:
        return Refusal(message("The report template has a mistake in line {line}.", line=int(at[1])))
    return Refusal(message("The report template cannot be typeset."))
