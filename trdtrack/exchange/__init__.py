"""What goes out of the program and comes into it as files other programs read: CSV so far."""
