"""Where a snapshot is taken from: the stores of a region's services, and the ledger they are proved by."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy import running
from deploy.snapshots.leaving import SERVICES
from deploy.snapshots.manifest import Ledger

ANSWER_SECONDS = 5


class NoHouse(Exception):
    """Nothing to take a snapshot of; the message says how to name it."""


@dataclass(frozen=True, slots=True)
class House:
    """A region's stores, by service. `audit` is where its ledger is asked, if it runs."""

    region: str
    databases: Mapping[str, str] = field(repr=False)
    audit: str | None = None


def find(data: Path) -> House:
    """The house that runs on this data directory; else what ALONGSIDE_SNAPSHOT_STORES names. Raises NoHouse."""
    if found := running.find(data):
        databases = {
            name: process.database_url
            for name, process in found.services.items()
            if name in SERVICES and process.database_url
        }
        if not databases:
            raise NoHouse(f"no service with facts for analysts runs on {data}")
        return House(found.region, databases, found.urls.get("audit"))
    named, region = os.environ.get("ALONGSIDE_SNAPSHOT_STORES"), os.environ.get("ALONGSIDE_REGION")
    if not named or not region:
        raise NoHouse(
            f"nothing runs on {data}; start it with ./alongside up, or let ALONGSIDE_REGION and "
            'ALONGSIDE_SNAPSHOT_STORES={"sessions": "postgresql://..."} say where the stores are'
        )
    try:
        databases = {str(name): str(url) for name, url in json.loads(named).items() if name in SERVICES}
    except (ValueError, AttributeError):
        raise NoHouse("ALONGSIDE_SNAPSHOT_STORES is no JSON object of service and database URL") from None
    if not databases:
        raise NoHouse(f"ALONGSIDE_SNAPSHOT_STORES names none of {', '.join(SERVICES)}")
    return House(region, databases)


def ledger(house: House, positions: Mapping[str, int]) -> Ledger | None:
    """How far the published ledger is; None when it does not answer, or has published nothing."""
    if house.audit is None:
        return None
    asked = {"Authorization": f"Bearer dev:auditor:{house.region}:snapshot"}
    try:
        with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False, headers=asked) as client:
            said = client.get(f"{house.audit}/ledger/status").raise_for_status().json()
        if said["published"] is None:
            return None
        sequenced = {one["source"]: int(one["sequenced"]) for one in said["sources"]}
        sequenced = {service: sequenced.get(service, 0) for service in positions}
        return Ledger(
            size=said["published"]["size"],
            root=said["published"]["root"],
            sequenced=sequenced,
            holds=said["published"]["size"] == said["size"]
            and all(sequenced[service] >= position for service, position in positions.items()),
        )
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
