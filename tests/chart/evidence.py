"""The shipped trials pooled by both methods, for the forest plot."""

from __future__ import annotations

from trdtrack.domain.pooling import Method, effects, pool
from trdtrack.evidence_tables import shipped_trials


def pools(*without: str):
    found = [e for e in effects(shipped_trials()) if e.trial.id not in without]
    return [pool(found, method) for method in Method]
