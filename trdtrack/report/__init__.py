"""Reports for people, from a Summary to a tagged PDF."""
