"""What is agreed about one type of notification."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from shared.contracts.words.telling import Category, Channel, NotificationType, RecipientRole

Audience: TypeAlias = Mapping[str, frozenset[RecipientRole]]
"""Roles by the step of a ladder (`15` minutes late, `30` days left); the step of what has no ladder is ``."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody in the role `by` has to say that they have seen it `within` that time; else `then` hears."""

    by: RecipientRole
    within: timedelta
    then: RecipientRole


@dataclass(frozen=True, slots=True)
class Entry:
    """What is agreed about one type of notification.

    `channels` are the usual ways (text messages only to those who gave a number). The same said to the same
    recipient twice within `again_after` is a duplicate. A new one takes the place of what is not sent yet of
    the types in `supersedes`, when it is of the same matter.
    """

    type: NotificationType
    category: Category
    when: str
    audience: Audience
    urgent: bool = False
    channels: tuple[Channel, ...] = ("in_app", "email")
    acknowledgement: Acknowledgement | None = None
    again_after: timedelta = timedelta(0)
    supersedes: frozenset[NotificationType] = frozenset()

    @property
    def obligatory(self) -> bool:
        """Whether preferences cannot switch it off: urgent, or to be acknowledged."""
        return self.urgent or self.acknowledgement is not None


def entry(
    type: NotificationType,
    category: Category,
    when: str,
    *to: RecipientRole,
    ladder: Mapping[str, tuple[RecipientRole, ...]] | None = None,
    urgent: bool = False,
    channels: tuple[Channel, ...] | None = None,
    acknowledge: Acknowledgement | None = None,
    again_after: timedelta = HOUR,
    supersedes: tuple[NotificationType, ...] = (),
) -> Entry:
    """An entry as the table writes it: `to` are the roles, or a `ladder` has them by step."""
    audience = {step: frozenset(roles) for step, roles in (ladder or {"": to}).items()}
    usual: tuple[Channel, ...] = ("in_app", "email", "sms") if urgent else ("in_app", "email")
    return Entry(
        type, category, when, audience, urgent, channels or usual, acknowledge, again_after,
        frozenset(supersedes),
    )  # fmt: skip
