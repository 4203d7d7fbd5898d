"""The lock: when it falls by itself, and what it leaves nowhere."""
