"""What a study refuses, in one sentence that says what to do."""


class StudyError(ValueError):
    """A study, a results folder or a request that cannot be honoured; the message is one clear sentence.

    `at` is the place in the study's file that it is about, empty where it is about none.
    """

    def __init__(self, message: str, at: tuple[str | int, ...] = ()) -> None:
        """Hold the sentence and the place."""
        super().__init__(message)
        self.at = at
