"""The inbox in the application: a projection shows it there, so there is nothing left to send."""

from services.notifications.channels import Letter
from shared.contracts.words.telling import Channel


class InApp:
    """Takes every letter: once it is requested, the inbox has it."""

    channel: Channel = "in_app"

    async def deliver(self, letter: Letter) -> None:
        """Nothing to do."""
