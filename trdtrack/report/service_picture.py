"""The fall a service observed beside what was expected, drawn as SVG, no Qt. Shades differ in lightness as well."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from trdtrack.chart.palette import FONT, LIGHT
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import Fall

# One unit of the drawing is one typographic point.
WIDTH, HEIGHT = 460.0, 66.0
LEFT, RIGHT, TOP, BOTTOM = 10.0, 450.0, 18.0, 46.0
SIZE = 7.0
STEP = 0.1


def fall_svg(fall: Fall) -> bytes:
    """Return the picture of an observed fall; of none the bare axis."""
    ends = [value for value in (fall.low, fall.high, fall.observed, fall.psychotherapy) if value is not None]
    first = STEP * (min([0.0, *ends]) // STEP)
    last = max(0.5, -STEP * (-max([0.0, *ends]) // STEP))

    def x(share: float) -> float:
        return LEFT + (share - first) / (last - first) * (RIGHT - LEFT)

    drawn = [f'<path d="M{LEFT} {BOTTOM}H{RIGHT}" stroke="{LIGHT.muted}" stroke-width="0.5"/>']
    for n in range(round(first / STEP), round(last / STEP) + 1):
        at = x(n * STEP)
        drawn += [
            f'<path d="M{at:.2f} {BOTTOM}v3" stroke="{LIGHT.muted}" stroke-width="0.5"/>',
            _text(at, BOTTOM + 11, f"{round(100 * n * STEP)}%".replace("-", "\u2212"), "middle", LIGHT.muted),
        ]
    for share, name, colour, anchor in (
        (fall.usual_care, _("usual care"), LIGHT.muted, "end"),
        (fall.psychotherapy, _("with psychotherapy"), LIGHT.accent, "start"),
    ):
        if share is not None:
            dashes = f'stroke="{colour}" stroke-width="1" stroke-dasharray="3 2"'
            drawn += [
                f'<path d="M{x(share):.2f} {TOP - 6}V{BOTTOM}" {dashes}/>',
                _text(x(share) + (3 if anchor == "start" else -3), TOP - 8, name, anchor, colour),
            ]
    middle = (TOP + BOTTOM) / 2
    if fall.low is not None and fall.high is not None:
        drawn.append(
            f'<path d="M{x(fall.low):.2f} {middle}H{x(fall.high):.2f}" stroke="{LIGHT.ink}" stroke-width="1.4"/>'
        )
    if fall.observed is not None:
        drawn.append(f'<circle cx="{x(fall.observed):.2f}" cy="{middle}" r="3.4" fill="{LIGHT.ink}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" font-family="{FONT}" font-size="{SIZE}">' + "".join(drawn) + "</svg>"
    ).encode()


def _text(x: float, y: float, words: str, anchor: str, colour: str) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
