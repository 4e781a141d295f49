"""Studies: what is asked, run and stored, and what one may conclude from it."""
