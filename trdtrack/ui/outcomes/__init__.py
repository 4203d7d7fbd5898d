"""What the therapy here achieves: closed courses in numbers and pictures, against the evidence."""
