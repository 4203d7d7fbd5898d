"""Ratios against bare libraries, taken in one run. `python3 packaging/dev.py bench` runs them."""
