"""Credentials over HTTP: signed, of the published form, revoked in the list, and verified by anybody."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import uuid4

import jsonschema
from sqlalchemy import text

from services.training.agency import agency
from services.training.main import service
from tests.support.people import MENTOR
from tests.support.served import Served, served
from tests.training.badges.holding import (
    AS_MENTOR,
    BASIC,
    SCHEMA,
    anybody,
    certified,
    checked,
    download,
    parts,
    revoke,
    revoked_places,
    verified,
)
from tests.training.erasing import erase, own_keys
from tests.training.showing import complete, publish


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


async def test_an_erased_mentor_has_none_any_more_and_the_status_stays_answerable(database_url: str) -> None:
    keyring, sealer = own_keys()
    async with served(service, database_url, datetime(2026, 1, 5, 9, tzinfo=UTC), sealer) as training:
        one = await certified(training)
        token = await download(training, one)
        await erase(training, keyring, sealer)
        path = f"/badges/credentials/{one['certification_id']}"
        for who in (AS_MENTOR, {"role": "coordinator"}):
            assert (await training.get(path, **who)).status_code == 410
        assert (await training.ask("/badges/credentials", mentor_id=MENTOR, **AS_MENTOR))["items"] == []
        assert await revoked_places(training, parts(token)[1]["credentialStatus"]) == []
        assert await verified(training, token) == "valid"
