"""The service report on paper: a caseload's outcomes with their definitions, about nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.service_definitions import definitions
from trdtrack.domain.service_report import service_report
from trdtrack.evidence import default_benchmark
from trdtrack.paths import resources
from trdtrack.report.service_picture import fall_svg
from trdtrack.report.sheet import Size, foot, real_minus
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, say, translated

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes
    from trdtrack.domain.service_cells import Row, Table


def typeset_service(found: CaseloadOutcomes, *, made: date, size: Size = Size.A4, demo: str = "") -> Paper:
    """Typeset the report. Refuses where there are too few courses; `demo` marks data that are nobody's."""
    template = (resources() / "report" / "service.typ").read_text(encoding="utf-8")
    data = service_data(found, made=made, size=size, demo=demo)
    return compile_pdf(template, data, images={"fall": fall_svg(found.fall)}, made=made)


def service_data(found: CaseloadOutcomes, *, made: date, size: Size = Size.A4, demo: str = "") -> dict[str, Any]:
    """Return all the words and figures of the report; the template only sets them."""
    report = service_report(found)
    tables = [_table(table) for table in report.tables]
    return {
        "language": manner().language,
        "paper": size.value,
        "title": _("Service report"),
        "kind": _("De-identified"),
        "demo": demo,
        "lead": _("Outcomes of psychotherapy in treatment-resistant depression, by the PHQ-9"),
        "about": [[say(name), say(what)] for name, what in report.about],
        "tables": tables,
        "hidden": _("not shown: see the definitions") if any(table.hides for table in report.tables) else "",
        "definitions": {
            "heading": _("Definitions"),
            "items": [[say(term), say(meaning)] for term, meaning in definitions(found)],
        },
        "limits": {
            "heading": _("What the numbers do not say"),
            "items": [real_minus(translated(caveat)) for caveat in default_benchmark().caveats],
        },
        "words": {"table": _("Table"), "figure": _("Figure")},
        "footer": foot(made) | {"confidential": _("De-identified")},
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": say(table.title),
        "columns": [say(table.first), *map(say, table.columns)],
        "rows": [_row(row) for row in table.rows],
        "note": say(table.note) if table.note else "",
        "picture": _("The observed fall with its 95% interval, beside what was expected of the same courses.")
        if table.pictured
        else "",
    }


def _row(row: Row) -> list[str]:
    name = f"{say(row.name)} ({say(row.remark)})" if row.remark else say(row.name)
    return [name, *(say(cell.words) for cell in row.cells)]


__all__ = ["service_data", "typeset_service"]
