"""What each command does once its words are understood. Knows nothing of how words are parsed or errors end."""
