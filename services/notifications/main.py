"""The front door of notifications."""

from pathlib import Path

from services.notifications.api import (
    alerts,
    calendar,
    deliveries,
    live,
    notifications,
    preferences,
    recipients,
)
from services.notifications.policies.due import DUE
from services.notifications.read_model.tables import metadata
from services.notifications.subscriptions import EFFECTS, POLICIES, PROJECTIONS
from services.notifications.webhooks import subscriptions as webhooks
from services.notifications.webhooks.api import deliveries as webhook_deliveries
from services.notifications.webhooks.api import endpoints as webhook_endpoints
from services.notifications.webhooks.refusals import REFUSALS as OF_WEBHOOKS
from shared.contracts.notifications.forgotten import SubjectForgotten
from shared.contracts.notifications.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="notifications",
    routers=(
        recipients.router,
        preferences.router,
        notifications.router,
        deliveries.router,
        alerts.router,
        live.router,
        calendar.router,
        webhook_deliveries.router,  # before the endpoints, one of which would be named `deliveries`
        webhook_endpoints.router,
    ),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=(*PROJECTIONS, *webhooks.PROJECTIONS),
    policies=POLICIES,
    effects=EFFECTS,
    queues=webhooks.QUEUES,
    due={**DUE, **webhooks.DUE},
    works=webhooks.WORKS,
    refusals={
        "already_registered": "This address is registered for this purpose. Change that recipient's details.",
        "invalid_email": "An e-mail address looks like name@example.org, without spaces.",
        "invalid_name": "A recipient needs a name to be addressed by.",
        "invalid_recipient": "A mentor names a mentor, a parent a child, a school a school, and roles stay.",
        "invalid_channel": "The notification does not go out by that channel.",
        "not_your_notification": "Only the recipient can acknowledge a notification.",
        "invalid_phone": "A number has its country code and no spaces: +447700900123.",
        "invalid_quiet_hours": "Quiet hours are two different times of day, each as HH:MM.",
        "invalid_digest": "A digest goes out at an hour from 0 to 23, a weekly one on a weekday from 1 to 7.",
        "invalid_time_zone": "A time zone is named as IANA does, such as Europe/London.",
        "no_calendar": "Only mentors, parents and schools have sessions of their own.",
        "not_dead": "Only what a channel has given up can be tried once more.",
        "recipient_removed": "The recipient was removed. Register them again first.",
        "unknown_recipient": "There is no such recipient. Look them up in the list.",
        "unknown_notification": "There is no such notification. Look it up in the inbox.",
        **OF_WEBHOOKS,
    },
    viewed=RecordViewed,
    forgotten=SubjectForgotten,
)

if __name__ == "__main__":
    run(service)
