"""How a signal is shown: a shape and a token of the palette, always beside its words, never colour alone."""

from __future__ import annotations

from trdtrack.domain.signals import Signal

MARKS: dict[Signal, str] = {
    Signal.ON_TRACK: "●",
    Signal.AHEAD: "▲",
    Signal.SLOWER: "▽",
    Signal.REVIEW: "◆",
    Signal.PLATEAU: "▬",
    Signal.TOO_EARLY: "○",
    Signal.NO_RECENT_SCORE: "–",
    Signal.NO_BENCHMARK: "",
    Signal.ENDED: "",
    Signal.PAST_DATA: "",
}
"""A shape for each signal; none where there is nothing to tell apart."""
TONES: dict[Signal, str] = {
    **dict.fromkeys(Signal, "muted"),
    Signal.ON_TRACK: "accent",
    Signal.AHEAD: "ahead",
    Signal.REVIEW: "review",
    Signal.PLATEAU: "review",
}
"""The palette's token for each signal."""
