"""How many text messages a text takes: 160 characters of the GSM alphabet, else 70, and fewer when it is split."""

from dataclasses import dataclass
from typing import Literal

# GSM 03.38: the basic alphabet, and the characters of its extension, which take two places.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
GSM_7, UCS_2 = (160, 153), (70, 67)
"""Places in a text message that stands alone, and in one of several, which holds a header too."""


@dataclass(frozen=True, slots=True)
class Parts:
    """`places` that a text takes in its encoding, and in how many text messages it travels."""

    encoding: Literal["GSM-7", "UCS-2"]
    places: int
    count: int


def parts(text: str) -> Parts:
    """How a text travels; a character is never cut in two. An empty text takes one message."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return _packed("GSM-7", [1 if character in _BASIC else 2 for character in text], *GSM_7)
    return _packed("UCS-2", [len(character.encode("utf-16-be")) // 2 for character in text], *UCS_2)


def _packed(encoding: Literal["GSM-7", "UCS-2"], widths: list[int], alone: int, split: int) -> Parts:
    places = sum(widths)
    if places <= alone:
        return Parts(encoding, places, 1)
    count, used = 1, 0
    for width in widths:
        if used + width > split:
            count, used = count + 1, 0
        used += width
    return Parts(encoding, places, count)
