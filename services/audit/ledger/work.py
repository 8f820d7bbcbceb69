"""The sequencer as a work of the audit service."""

from services.audit.ledger.sequencer import Sequencer
from services.audit.ledger.settings import keys
from services.audit.subscriptions import SOURCES
from shared.kernel.running import Running


def sequencing(running: Running) -> Sequencer:
    """With the keys of the environment. Raises Malformed or OSError when they can't be read."""
    settings = running.settings
    return Sequencer(settings.database_url.get_secret_value(), keys(settings.region), SOURCES)
