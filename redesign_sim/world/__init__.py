"""The state of a run: how it is founded, the records and tables that hold it, and the outcomes read off it."""
