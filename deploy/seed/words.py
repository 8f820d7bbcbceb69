"""Invented names, put together from small hand-made lists; no person, school or place is meant."""

from pathlib import Path

from deploy.seed.chance import Chance


def _lists() -> dict[str, list[str]]:
    """The lists of names.txt by their headings."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in Path(__file__).with_name("names.txt").read_text().splitlines():
        if line.startswith("["):
            words = found[line.strip("[]")] = []
        else:
            words += line.split()
    return found


_NAMES = _lists()
FIRST, LAST = _NAMES["first"], _NAMES["last"]
STREETS = ["North End", "Market Place", "Station Quarter", "Old Town", "Riverside", "Hilltop"]

NEEDS = (
    "Finds changes of room hard and needs to know what comes next.",
    "Speaks in single words and wants to tell more.",
    "Gets overwhelmed by noise and then leaves the room.",
    "Needs help with holding a pen, buttons and cutlery.",
    "Has difficulty joining in when others play.",
    "Loses the thread in English and Maths after a few minutes.",
    "Needs support with hygiene and with the way to the toilet.",
    "Is often anxious in the morning and takes time to settle.",
)
NOTES = (
    "Settled quickly after a look at the picture timetable.",
    "Asked for a break with the card, twice, and came back on time.",
    "Practised taking turns; needed one reminder.",
    "Read a page aloud with finger support.",
    "Found PE loud; we used the ear defenders and stayed to the end.",
    "Cut along the line without help for the first time.",
    "A hard morning; calm again after the walk.",
    "Named three feelings on the chart.",
    "Worked on number bonds to ten with counters.",
    "Played with two others for most of break.",
)
QUESTIONS = (
    "Please send the newest plan with the hours it names.",
    "Which days does the child attend at present?",
    "Who should we speak to at school about transport between classes?",
)
ANSWERS = (
    "The plan is attached; it names the hours.",
    "Every day except Wednesday afternoon.",
    "Please ask the class teacher.",
)
SUMMARIES = (
    "Good progress with turn taking; keeps to the picture timetable.",
    "More words every week; still needs quiet to work.",
    "Handover: greet at the gate, visual timetable first, ear defenders in the bag.",
    "Handover: short tasks, then a choice; praise for asking.",
)


def person(chance: Chance) -> str:
    """A full name."""
    return f"{chance.pick(FIRST)} {chance.pick(LAST)}"


def mailbox(name: str, number: int) -> str:
    """An address that can't be anybody's: the domain is reserved for examples."""
    return f"{name.lower().replace(' ', '.')}.{number}@agency.example"


def area(number: int) -> str:
    """The name of a local authority, different for each of the first hundred numbers."""
    return _NAMES["area begins"][number * 7 % 15] + _NAMES["area ends"][number * 3 % 8]


def school(number: int, secondary: bool) -> str:
    """A school's name; within an area numbers make it different."""
    schools = _NAMES["school"]
    names, first = len(schools), schools[number % len(schools)]
    second = "" if number < names else f" {STREETS[number // names % len(STREETS)]}"
    return f"{first}{second} {'Academy' if secondary else 'Primary School'}"
