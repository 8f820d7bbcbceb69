"""From what waits on a channel to a letter that somebody may carry out of the house."""

from datetime import UTC

from services.notifications.channels import Item, Letter
from services.notifications.channels.languages import Book, book
from services.notifications.channels.wording import DEFAULT_ZONE, worded
from services.notifications.read_model.letters import To, Told, Waiting


def letter(waiting: Waiting, to: To, correlation_id: str) -> Letter:
    """The letter to this recipient. People in it are initials; the inbox has the names."""
    found = book(waiting.language, to.zone or DEFAULT_ZONE)
    told = waiting.told
    digest = told.type == "digest"
    items = tuple(
        item
        for each in (waiting.includes if digest else (told,))
        if (item := _item(each, waiting.language, to, found))
    )
    subject = worded(told.type, waiting.language, told.parameters, to.role, to.zone).subject_line  # type: ignore[arg-type]
    return Letter(
        notification_id=waiting.notification_id,
        recipient_id=to.recipient_id,
        to_name=to.name,
        to_email=to.email,
        to_phone=to.phone,
        region=to.region,
        language=waiting.language,
        subject_line=found.said("digest_subject", count=len(items)) if digest else subject,
        items=items,
        digest=digest,
        urgent=told.urgent,
        acknowledge=told.needs_acknowledgement,
        correlation_id=correlation_id,
        written_at=waiting.now.astimezone(UTC),
    )


def _item(told: Told, language: str, to: To, found: Book) -> Item | None:
    """What is told of this one; None when no word of it may leave the house."""
    words = worded(told.type, language, told.parameters, to.role, told.session_zone or to.zone)  # type: ignore[arg-type]
    if words.link_only:
        return None
    about = []
    if told.child:
        about.append((found.said("child"), initials(told.child)))
    if told.mentor:
        about.append((found.said("mentor"), initials(told.mentor)))
    if told.session_at:
        clock = book(language, told.session_zone or to.zone or DEFAULT_ZONE).manner
        about.append((found.said("session"), clock.moment(told.session_at)))
    return Item(words.subject_line, words.happened, words.todo, told.urgent, tuple(about))


def initials(name: str) -> str:
    """`Ada Hartley` -> `A. H.`"""
    return " ".join(f"{part[0].upper()}." for part in name.split())
