"""What people read: histories in plain words, and the reports made of results."""
