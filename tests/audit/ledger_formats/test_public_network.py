"""A checkpoint of the public witness network, from other people's programs: it opens with ours."""

from datetime import UTC, datetime

import pytest

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import seconds_of, time_of
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.note import Signature, Verifier
from services.audit.ledger.formats.policy import NoQuorum, Policy

NOTE = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501
POLICY = """# three of the four whose keys are published
log arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f
witness garden transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM
witness smartit witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO
witness remora remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2 https://remora.n621.de
witness stagemole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
group network 3 garden smartit remora stagemole
quorum network
"""


def test_a_real_checkpoint_of_a_billion_leaves_satisfies_a_policy_of_real_witnesses() -> None:
    found = Policy.parse(POLICY).satisfied_by(NOTE.encode())
    assert (found.checkpoint.size, set(found.cosigners)) == (
        1_432_088_532,
        {"garden", "smartit", "remora", "stagemole"},
    )
    assert {each.name for each in found.note.unverified} == {
        found.checkpoint.origin
    }  # its other key's type is CT's
    assert found.witnessed_at is not None
    assert datetime.fromtimestamp(found.witnessed_at, UTC).isoformat() == "2026-05-23T21:50:24+00:00"


def test_without_two_of_them_it_does_not() -> None:
    lines = [
        line for line in NOTE.splitlines(keepends=True) if "remora" not in line and "smartit" not in line
    ]
    with pytest.raises(NoQuorum, match="garden, stagemole"):
        Policy.parse(POLICY).satisfied_by("".join(lines).encode())


def test_another_size_is_noticed() -> None:
    with pytest.raises(Malformed, match="is false"):
        Policy.parse(POLICY).satisfied_by(NOTE.replace("1432088532", "1432088533").encode())


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G",
    ],
)
def test_keys_of_others_are_read(vkey: str) -> None:
    assert Verifier.parse(vkey).vkey() == vkey


def test_the_time_in_a_cosignature_is_read_where_others_write_it() -> None:
    line = (
        "— witness "
        "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA=="
    )
    assert seconds_of(Signature.parse(line)) == 1_727_964_367
    assert time_of(Signature.parse(line)) == datetime(2024, 10, 3, 14, 6, 7, tzinfo=UTC)


def test_the_log_says_of_itself_what_the_note_says() -> None:
    text = NOTE.partition("\n\n")[0] + "\n"
    assert Checkpoint.parse(text).text() == text
