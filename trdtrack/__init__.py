"""TRDTrack: PHQ-9 tracking for psychotherapy in treatment-resistant depression."""

__version__ = "0.1.0"
