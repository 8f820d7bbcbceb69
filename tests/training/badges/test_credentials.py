"""Credentials over HTTP: signed, of the published form, revoked in the list, and verified by anybody."""

import gzip
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jsonschema
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import text

from services.training.agency import agency
from services.training.badges.keys import fresh
from services.training.badges.projection import BITS
from shared.contracts.assignments.mentor import MentorEngaged
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import REGION, Served
from tests.training.showing import COMPLIANCE, TODAY, complete, publish

SCHEMA = json.loads((Path(__file__).parent / "ob_v3p0_achievementcredential_schema.json").read_text())
AS_MENTOR = {"role": "mentor", "name": str(MENTOR)}
BASIC: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://example.com/issuers/876543", "type": ["Profile"], "name": "Example Corp"},
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {"narrative": "Team members are nominated by their peers."},
            "description": "The capacity to collaborate within a group.",
            "name": "Teamwork",
        },
    },
}
"""The basic example of the standard, its two sentences shortened."""


def raw(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def check_signature(key: Mapping[str, str], signed: bytes, mark: bytes) -> None:
    """ES256 by hand, with none of the libraries that sign. Raises InvalidSignature."""
    x, y = (int.from_bytes(raw(key[side])) for side in "xy")
    half = len(mark) // 2
    pair = encode_dss_signature(int.from_bytes(mark[:half]), int.from_bytes(mark[half:]))
    EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key().verify(pair, signed, ECDSA(SHA256()))


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, what was signed and the signature, read without the library that signs."""
    head, body, mark = token.split(".")
    return json.loads(raw(head)), json.loads(raw(body)), f"{head}.{body}".encode(), raw(mark)


async def anybody(training: Served, address: str) -> Any:
    """GET without a name, by an absolute address of the house."""
    answer = await training.client.get(address.removeprefix(agency().home))
    assert answer.status_code == 200, answer.text
    return answer


async def checked(training: Served, token: str) -> dict[str, Any]:
    """The payload, its signature verified with the key that its header leads to."""
    header, payload, signed, mark = parts(token)
    assert set(header) == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("ES256", "JWT")
    key = (await anybody(training, header["kid"])).json()
    assert "d" not in key
    check_signature(key, signed, mark)
    with pytest.raises(InvalidSignature):
        check_signature(key, signed + b"x", mark)
    return payload


async def revoked_places(training: Served, status: Mapping[str, str]) -> list[int]:
    """Every bit that is on, read by hand as Bitstring Status List 1.0 describes it."""
    listed = await checked(training, (await anybody(training, status["statusListCredential"])).text)
    assert listed["id"] == status["statusListCredential"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    subject = listed["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    packed = subject["encodedList"]
    assert packed.startswith("u")
    assert "=" not in packed
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 == BITS >= 131_072
    return [place for place in range(BITS) if bits[place // 8] >> (7 - place % 8) & 1]


async def certified(training: Served, track: Any = "slt", months: int | None = 12) -> dict[str, Any]:
    await training.hear("assignments", example(MentorEngaged))
    await complete(training, MENTOR, await publish(training, track, months), TODAY)
    found = await training.ask("/badges/credentials", mentor_id=MENTOR, **AS_MENTOR)
    return next(dict(one) for one in found["items"] if one["track"] == track)


async def download(training: Served, one: Mapping[str, Any], **who: str) -> str:
    answer = await training.get(f"/badges/credentials/{one['certification_id']}", **(who or AS_MENTOR))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vc+jwt"
    return answer.text


async def verified(training: Served, credential: str) -> str:
    """What both the JSON and the page say."""
    answer = await training.client.post("/training/badges/verification", json={"credential": credential})
    page = await training.client.post("/training/badges/verify", data={"credential": credential})
    found = answer.json()
    assert page.status_code == 200
    assert found["says"] in page.text
    assert "<script" not in page.text
    assert str(MENTOR) not in page.text
    return str(found["state"])


async def revoke(training: Served, one: Mapping[str, Any]) -> None:
    path = f"/mentors/{MENTOR}/certifications/{one['certification_id']}/revocation"
    await training.done(path, {"reason": "somebody else's"}, **COMPLIANCE)


async def test_a_credential_is_of_the_published_form_and_its_addresses_lead_somewhere(
    training: Served,
) -> None:
    validator = jsonschema.Draft201909Validator(SCHEMA)
    validator.validate(BASIC)
    for lacking in ("issuer", "validFrom", "credentialSubject"):
        assert not validator.is_valid({name: value for name, value in BASIC.items() if name != lacking})
    payload = await checked(training, await download(training, await certified(training)))
    validator.validate(payload)
    claims = {name: payload.pop(name) for name in ("iss", "jti", "nbf", "sub", "exp")}
    validator.validate(payload)
    subject = payload["credentialSubject"]
    assert claims == {
        "iss": payload["issuer"]["id"],
        "jti": payload["id"],
        "nbf": int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()),
        "sub": subject["id"],
        "exp": int(datetime(2027, 1, 4, 23, 59, 59, tzinfo=UTC).timestamp()),
    }
    assert (payload["validFrom"], payload["validUntil"]) == ("2026-01-05T00:00:00Z", "2027-01-04T23:59:59Z")
    issuer = (await anybody(training, payload["issuer"]["id"])).json()
    assert {name: issuer[name] for name in payload["issuer"]} == payload["issuer"]
    achievement = (await anybody(training, subject["achievement"]["id"])).json()
    assert {name: achievement[name] for name in subject["achievement"]} == subject["achievement"]
    keys = (await anybody(training, f"{agency().home}/training/.well-known/jwks.json")).json()["keys"]
    assert [key["kid"].split("/")[-2] for key in keys] == ["keys"]


async def test_of_whom_it_is_can_be_checked_by_who_knows_and_by_nobody_else(training: Served) -> None:
    first, second = await certified(training), await certified(training, "ot")
    tokens = [await download(training, one) for one in (first, second)]
    payloads = [parts(token)[1] for token in tokens]
    assert str(MENTOR) not in json.dumps(payloads)
    assert "Okafor" not in json.dumps(payloads)
    (one,), (other,) = (found["credentialSubject"]["identifier"] for found in payloads)
    for known in (one, other):
        mark = sha256(f"{MENTOR}{known['salt']}".encode()).hexdigest()
        assert known["identityHash"] == f"sha256${mark}"
    assert one["salt"] != other["salt"]
    assert payloads[0]["credentialSubject"]["id"] != payloads[1]["credentialSubject"]["id"]
    assert parts(await download(training, first))[1] == payloads[0], "the same each time"


async def test_revoking_turns_on_its_bit_and_no_other(training: Served) -> None:
    first, second = await certified(training), await certified(training, "ot")
    tokens = [await download(training, one) for one in (first, second)]
    status = parts(tokens[0])[1]["credentialStatus"]
    assert await revoked_places(training, status) == []
    assert [await verified(training, token) for token in tokens] == ["valid", "valid"]
    before = await anybody(training, status["statusListCredential"])
    same = await training.client.get(
        str(before.request.url), headers={"If-None-Match": before.headers["etag"]}
    )
    assert same.status_code == 304
    await revoke(training, first)
    assert await revoked_places(training, status) == [int(status["statusListIndex"])]
    assert [await verified(training, token) for token in tokens] == ["revoked", "valid"]
    assert (await training.client.get("/training/badges/status/7")).status_code == 404


async def test_what_is_said_of_a_credential_follows_the_day_and_the_signature(training: Served) -> None:
    one = await certified(training)
    token = await download(training, one)
    address = parts(token)[1]["id"]
    assert [await verified(training, said) for said in (token, f" {token}\n", address)] == ["valid"] * 3
    head, body, mark = token.split(".")
    later = {**parts(token)[1], "validUntil": "2036-01-04T23:59:59Z"}
    forged = urlsafe_b64encode(json.dumps(later).encode()).decode().rstrip("=")
    no_alg = urlsafe_b64encode(json.dumps({**parts(token)[0], "alg": "none"}).encode()).decode().rstrip("=")
    foreign = urlsafe_b64encode(b'{"alg":"ES256","kid":"https://elsewhere.example/1"}').decode().rstrip("=")
    changed = mark[:-3] + ("A" if mark[-3] != "A" else "B") + mark[-2:]
    listed = (await anybody(training, parts(token)[1]["credentialStatus"]["statusListCredential"])).text
    for said, state in {
        f"{head}.{forged}.{mark}": "tampered",
        f"{head}.{body}.{changed}": "tampered",
        f"{head}.{body}.": "tampered",
        f"{no_alg}.{body}.": "tampered",
        f"{foreign}.{body}.{mark}": "not_ours",
        f"{agency().home}/training/badges/credentials/{uuid4()}": "not_ours",
        listed: "unreadable",
        "a.b.c": "unreadable",
        f"{urlsafe_b64encode(b'[' * 9000).decode()}.{body}.{mark}": "unreadable",
        "<b>": "unreadable",
        "": "unreadable",
    }.items():
        assert await verified(training, said) == state, said[:80]
    for day, state in ((date(2027, 1, 4), "valid"), (date(2027, 1, 5), "expired")):
        training.clock.at = datetime(day.year, day.month, day.day, 23, 0, tzinfo=UTC)
        assert await verified(training, token) == state
    async with training.running.engine.begin() as db:
        await db.execute(text("UPDATE badges SET valid_until = valid_until + 1000"))
    assert await verified(training, token) == "not_ours", "signed by us, and not as it is on record"


async def test_a_certification_that_begins_later_does_not_count_yet(training: Served) -> None:
    await certified(training)
    training.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    await complete(training, MENTOR, await publish(training, "slt", 12, "again"), date(2026, 12, 1))
    found = (await training.ask("/badges/credentials", mentor_id=MENTOR, **AS_MENTOR))["items"]
    renewed = max(found, key=lambda one: str(one["valid_from"]))
    assert await verified(training, await download(training, renewed)) == "not_yet_valid"


async def test_a_mentor_has_their_own_and_the_office_those_of_the_region(training: Served) -> None:
    one = await certified(training)
    path = f"/badges/credentials/{one['certification_id']}"
    for role, name, status in (
        ("coordinator", "ruth", 200),
        ("trainer", "tom", 200),
        ("mentor", str(uuid4()), 403),
        ("integrator", "acme", 403),
        ("parent", "p", 403),
    ):
        assert (await training.get(path, role=role, name=name)).status_code == status, role
    everybody = await training.get("/badges/credentials", role="mentor", name=str(MENTOR))
    assert everybody.status_code == 403
    north = {"Authorization": "Bearer dev:trainer:uk-north:tom"}
    assert (await training.client.get(f"/training{path}", headers=north)).status_code == 403
    views = [topic for topic in await training.facts() if topic == "training.RecordViewed.v1"]
    assert len(views) >= 2, "who downloads somebody's credential is on record"
    paged = await training.ask("/badges/credentials", limit=1)
    assert ([found["certification_id"] for found in paged["items"]], paged["next"]) == (
        [one["certification_id"]],
        None,
    )


async def test_an_erased_mentor_has_none_any_more_and_the_status_stays_answerable(training: Served) -> None:
    one = await certified(training)
    token = await download(training, one)
    async with training.running.engine.begin() as db:
        await db.execute(
            text(
                "INSERT INTO erased_subjects (subject_id, keep, erasure_id, ordered_at) "
                "VALUES (:who, 'employment', :order, now())"
            ),
            {"who": MENTOR, "order": uuid4()},
        )
    path = f"/badges/credentials/{one['certification_id']}"
    for who in (AS_MENTOR, {"role": "coordinator"}):
        assert (await training.get(path, **who)).status_code == 410
    assert (await training.ask("/badges/credentials", mentor_id=MENTOR, **AS_MENTOR))["items"] == []
    assert await revoked_places(training, parts(token)[1]["credentialStatus"]) == []
    assert await verified(training, token) == "valid"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the agency's keys."""

    def give(text: str) -> None:
        monkeypatch.setenv("ALONGSIDE_BADGE_KEYS", text)
        agency.cache_clear()

    yield give
    monkeypatch.undo()
    agency.cache_clear()


async def test_a_new_key_signs_and_the_one_before_goes_on_verifying(training: Served, keys: Any) -> None:
    first = fresh()
    keys(first)
    one = await certified(training)
    old = await download(training, one)
    keys(fresh(first))
    new = await download(training, one)
    assert parts(old)[0]["kid"] != parts(new)[0]["kid"]
    before, after = await checked(training, old), await checked(training, new)
    assert before == after, "whom it is of does not change with the key"
    assert [await verified(training, token) for token in (old, new)] == ["valid", "valid"]
    keys(fresh())
    assert await verified(training, old) == "not_ours"


async def test_the_page_is_plain_and_says_no_more_than_asked(training: Served) -> None:
    answer = await training.client.get("/training/badges/verify")
    assert "script" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<label for="credential">' in answer.text
    wrong = await training.client.post("/training/badges/verify", data={"credential": "<b>x</b>" * 10})
    assert "<b>x" not in wrong.text
    many = await training.client.post("/training/badges/verify", data={str(n): "x" for n in range(30)})
    assert "not a credential" in many.text
    too_long = await training.client.post("/training/badges/verification", json={"credential": "x" * 30_000})
    assert too_long.status_code == 422
    assert REGION not in answer.text
    assert UUID(int=0).hex not in answer.text
