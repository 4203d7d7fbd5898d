"""One patient: where the course stands, the chart, and what was written down."""
