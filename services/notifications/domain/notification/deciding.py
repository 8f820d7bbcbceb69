"""What may become of a notification: it goes out at most once on each channel, and is never lost quietly."""

from collections.abc import Sequence
from typing import Any

from services.notifications.domain.notification.commands import (
    Acknowledge,
    Command,
    Escalate,
    MarkRead,
    OfChannel,
    RecordDelivered,
    RecordFailure,
    RecordSent,
    Release,
    RequestNotification,
    Retry,
    Supersede,
    Suppress,
    TryAgain,
)
from services.notifications.domain.notification.state import Delivery, Notification, NotificationFact
from services.notifications.domain.patience import retry_at
from shared.contracts.notifications.escalation import (
    DigestSent,
    NotificationEscalated,
    NotificationSuperseded,
)
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
from shared.kernel.decider import Refused


def decide(state: Notification, command: Command) -> Sequence[NotificationFact]:
    asked = state.requested
    if isinstance(command, RequestNotification):
        return () if asked else _request(command)
    if asked is None:
        raise Refused("unknown_notification", "There is no such notification; look it up in the inbox.")
    match command:
        case Release():
            return _release(state, asked, command)
        case MarkRead() | Acknowledge():
            return _seen(state, asked, command)
        case Escalate():
            return _escalate(state, asked, command)
        case Supersede() | Suppress():
            return _call_off(state, asked, command)
        case _:
            return _on_channel(state, asked, command)


def _request(command: RequestNotification) -> Sequence[NotificationFact]:
    asked = command.requested
    if command.suppress is None:
        return (asked,)
    silent = asked.model_copy(
        update={"channels": (), "held": (), "held_for": None, "deliver_after": None, "acknowledge_by": None}
    )
    suppressed = NotificationSuppressed(
        **_about(asked), why=command.suppress, suppressed_at=asked.requested_at
    )
    return (silent, suppressed)


def _release(
    state: Notification, asked: NotificationRequested, command: Release
) -> Sequence[NotificationFact]:
    if state.ended or asked.held_for != "quiet_hours":
        return ()
    held = [channel for channel, found in state.deliveries.items() if found.status == "held"]
    return [
        NotificationQueued(**_about(asked), channel=channel, attempt=1, queued_at=command.at)
        for channel in held
    ]


def _seen(
    state: Notification, asked: NotificationRequested, command: MarkRead | Acknowledge
) -> Sequence[NotificationFact]:
    if command.by != asked.recipient_id:
        raise Refused("not_your_notification", "Only the recipient can acknowledge a notification.")
    if isinstance(command, MarkRead):
        if state.read:
            return ()
        return (NotificationRead(**_about(asked), read_at=command.at, dropped=state.pending),)
    if state.acknowledged:
        return ()
    return (
        NotificationAcknowledged(
            **_about(asked), acknowledged_at=command.at, alert_id=asked.alert_id, dropped=state.pending
        ),
    )


def _escalate(
    state: Notification, asked: NotificationRequested, command: Escalate
) -> Sequence[NotificationFact]:
    # One of several in the role may have been removed since: the others still have to acknowledge it.
    if state.ended == "superseded" or state.acknowledged or state.escalated:
        return ()
    if asked.escalates_to is None or asked.acknowledge_by is None:
        return ()  # nobody was asked to acknowledge it, or it never went out
    return (
        NotificationEscalated(
            **_about(asked),
            type=asked.type,
            to_role=asked.escalates_to,
            parameters=asked.parameters,
            thread=asked.thread,
            alert_id=asked.alert_id,
            escalated_at=command.at,
            session_id=asked.session_id,
        ),
    )


def _call_off(
    state: Notification, asked: NotificationRequested, command: Supersede | Suppress
) -> Sequence[NotificationFact]:
    settles = isinstance(command, Supersede) and state.awaits_acknowledgement
    if state.ended or not (state.pending or settles):
        return ()  # all of it has gone out, or is on its way
    about = {**_about(asked), "dropped": state.pending}
    if isinstance(command, Supersede):
        return (NotificationSuperseded(**about, by=command.by, superseded_at=command.at),)
    return (NotificationSuppressed(**about, why=command.why, suppressed_at=command.at),)


def _on_channel(
    state: Notification, asked: NotificationRequested, command: OfChannel
) -> Sequence[NotificationFact]:
    delivery = state.deliveries.get(command.channel)
    if delivery is None:
        raise Refused("invalid_channel", f"This notification does not go out by {command.channel}.")
    of_channel = {**_about(asked), "channel": command.channel}
    match command:
        case RecordSent():
            return () if delivery.status in ("sent", "delivered") else _sent(asked, command)
        case RecordDelivered():
            if delivery.status != "sent":
                return ()
            return (NotificationDelivered(**of_channel, delivered_at=command.at),)
        case RecordFailure() if delivery == Delivery("trying", command.attempt):
            again = None if command.permanent or state.ended else retry_at(command.attempt, command.at)
            return (
                NotificationFailed(
                    **of_channel,
                    attempt=command.attempt,
                    reason=command.reason,
                    failed_at=command.at,
                    retry_at=again,
                ),
            )
        case Retry() if delivery == Delivery("waiting", command.attempt) and not state.acknowledged:
            return (NotificationQueued(**of_channel, attempt=command.attempt + 1, queued_at=command.at),)
        case TryAgain():
            if delivery.status != "dead":
                raise Refused("not_dead", f"By {command.channel} it is {delivery.status}, not given up.")
            return (NotificationQueued(**of_channel, attempt=delivery.attempt + 1, queued_at=command.at),)
        case RecordFailure() | Retry():
            return ()  # told twice, or too late to matter


def _sent(asked: NotificationRequested, command: RecordSent) -> Sequence[NotificationFact]:
    sent = NotificationSent(
        **_about(asked), channel=command.channel, attempt=command.attempt, sent_at=command.at
    )
    if asked.type != "digest":
        return (sent,)
    digested = DigestSent(
        digest_id=asked.notification_id,
        recipient_id=asked.recipient_id,
        notification_ids=asked.includes,
        sent_at=command.at,
    )
    return (sent, digested)


def _about(asked: NotificationRequested) -> dict[str, Any]:
    return {
        "notification_id": asked.notification_id,
        "recipient_id": asked.recipient_id,
        "child_id": asked.child_id,
        "mentor_id": asked.mentor_id,
    }
