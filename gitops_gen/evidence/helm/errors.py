"""Why Helm's engine gives no answer."""


class HelmRefusalError(Exception):
    """Helm refused a chart, its values or what a template says; the message is Helm's own."""


class HelmLostError(Exception):
    """Nobody can say what Helm makes of a chart: its engine gives no answer."""

    def __init__(self, reason: str, hint: str) -> None:
        """Keeps the reason, which is the text, and the next step."""
        super().__init__(reason)
        self.hint = hint


class HelmMissingError(Exception):
    """There is no engine, or none that runs on this machine."""
