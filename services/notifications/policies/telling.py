"""Facts of any service in, notifications out: everybody who should hear of it is told, and never twice."""

from collections.abc import Iterator
from dataclasses import replace

from services.notifications.domain.announcements import Announced, announcement
from services.notifications.domain.audience import audience, needless
from services.notifications.domain.notification import RequestNotification, Supersede, notification
from services.notifications.domain.planning import Hearer, Occasion, Situation, plan
from services.notifications.domain.recipient import recipient_of_mentor
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


def tell(recorded: Recorded[Announced], found: Situation) -> Iterator[Issue]:
    """Each of them who should hear of this gets one notification, or a reason why not."""
    said = announcement(recorded.fact)
    occasion = Occasion(recorded.id, recorded.recorded_at, max(found.now, recorded.recorded_at))
    hearers = {one.recipient_id: one for one in found.hearers}
    roles = audience(said, (one.role for one in hearers.values() if not one.removed))
    if "mentor" in roles:
        # known from the id alone: so a mentor engaged a moment ago is not missed
        for mentor_id in said.told_mentors:
            recipient_id = recipient_of_mentor(mentor_id)
            hearers.setdefault(recipient_id, Hearer(recipient_id, "mentor"))
    for recipient_id in sorted(hearers):
        if hearers[recipient_id].role not in roles:
            continue
        planned = plan(said, hearers[recipient_id], occasion, found.before)
        stream = planned.requested.notification_id
        if needless(said, found.left_on, occasion.now.date()):
            planned = replace(planned, suppress=planned.suppress or "mentor_left", supersedes=())
        yield Issue(notification, stream, RequestNotification(planned.requested, planned.suppress))
        for earlier in planned.supersedes:
            yield Issue(notification, earlier, Supersede(stream, occasion.now))
