"""A timesheet as CSV (RFC 4180): the columns of one version, and cells that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.sessions.read_model.timesheets import COLUMNS

SCHEMA = "sessions.timesheet.v1"
"""Said in a header and in the file's name. Columns are added at the end; anything else would be v2."""
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
HEADER = ("period_id", *COLUMNS)
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(period_id: UUID, lines: Iterable[Mapping[str, Any]]) -> str:
    """Records for these lines, each ended by CRLF."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        (cell(period_id), *(cell(line[name]) for name in COLUMNS)) for line in lines
    )
    return text.getvalue()


def header() -> str:
    """The first record: the names of the columns."""
    return ",".join(HEADER) + "\r\n"


def cell(value: Any) -> str:
    """Times as in JSON, in UTC; true and false in lower case; nothing for None.

    A text that a spreadsheet would calculate gets an apostrophe before it. Numbers are ours and stay numbers, the
    negative minutes of a reversal too.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
