"""Chapter 3, begun: the training programme is published."""

from deploy.demo.calling import House

COURSES: dict[str, tuple[str, int | None]] = {
    "induction": ("Induction of Learning Mentors", None),
    "slt": ("Speech and Language Therapy in school", 24),
    "ot": ("Occupational Therapy in school", 24),
    "bed": ("Behaviour and Emotional Development", 24),
    "safeguarding": ("Safeguarding update", 12),
}
"""By track: the title, and for how many months completing it certifies (None: for good)."""


async def publish(house: House) -> dict[str, str]:
    """The next version of each course; its id by track."""
    trainer, story = house.somebody("trainer", "tom"), house.story
    known = await trainer.ask_all("training/courses", *await house.heads("training"), retired=True)
    ids = {}
    for track, (title, months) in COURSES.items():
        versions = [course["version"] for course in known if course["title"] == title]
        body = {
            "track": track,
            "title": title,
            "version": max(versions, default=0) + 1,
            "valid_months": months,
        }
        made = await trainer.do("training/courses", body)
        ids[track] = str(made.body["course_id"])
        found = await trainer.ask(f"training/courses/{ids[track]}", made.place)
        lasts = "for good" if months is None else f"for {months} months"
        seen = {name: found[name] for name in body}
        story.same(f"{title} is published, version {body['version']}; it certifies {lasts}", seen, body)
    story.keep(courses=ids)
    return ids
