"""Evidence: what each claim of the study predicts, whether the model shows it, and how far that can be believed."""
