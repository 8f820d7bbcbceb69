"""The front door of notifications."""

from pathlib import Path

from services.notifications import policies
from services.notifications.api import notifications, recipients
from services.notifications.read_model.tables import metadata
from services.notifications.subscriptions import EFFECTS, POLICIES, PROJECTIONS
from shared.contracts.notifications.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="notifications",
    routers=(recipients.router, notifications.router),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    policies=POLICIES,
    effects=EFFECTS,
    due={"notification_retry": policies.retry},
    refusals={
        "already_registered": "This address is registered for this purpose. Change that recipient's details.",
        "invalid_email": "An e-mail address looks like name@example.org, without spaces.",
        "invalid_name": "A recipient needs a name to be addressed by.",
        "invalid_recipient": "A mentor names a mentor, a parent a child, a school a school, and roles stay.",
        "invalid_channel": "The notification does not go out by that channel.",
        "not_your_notification": "Only the recipient can acknowledge a notification.",
        "unknown_notification": "There is no such notification. Look it up in the inbox.",
    },
    viewed=RecordViewed,
)

if __name__ == "__main__":
    run(service)
