"""What a study refuses, in one sentence that says what to do."""


class StudyError(ValueError):
    """A study, a results folder or a request that cannot be honoured; the message is one clear sentence."""
