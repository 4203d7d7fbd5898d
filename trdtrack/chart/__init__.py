"""The PHQ-9 chart on screen and on paper."""
