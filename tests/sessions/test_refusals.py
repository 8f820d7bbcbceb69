"""Every refusal of sessions is explained to whoever meets it."""

import re
from pathlib import Path

from services.sessions import domain
from services.sessions.main import service


def test_every_refusal_is_explained() -> None:
    files = [*Path(domain.__file__).parent.glob("*.py")]
    codes = {code for path in files for code in re.findall(r'Refused\(\s*"([a-z_]+)"', path.read_text())}
    assert codes - service.refusals.keys() == set()
