"""What leaves the program, from the window: which export, with what on it, and whether to a file or to a printer."""
