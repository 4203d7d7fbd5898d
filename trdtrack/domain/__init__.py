"""The clinic's rules as plain values: no Qt, no SQL, no files, no clock, no locale."""
