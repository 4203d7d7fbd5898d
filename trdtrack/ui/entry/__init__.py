"""Typing in: the session with its PHQ-9, and the patient with the course of care."""
