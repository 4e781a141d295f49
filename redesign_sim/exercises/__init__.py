"""Exercises: a case to change, a thing to bring about, and a verdict computed from the case that is handed in."""
