"""Facts as people name them: in full, by their short name, or all of a service."""

from collections.abc import Iterable
from difflib import get_close_matches

import typer

import shared.contracts.all  # noqa: F401  (a name may be of any fact)
from deploy.following.house import FEEDS
from shared.contracts.fact import Contract, contracts


def chosen(words: Iterable[str] | None, services: Iterable[str]) -> dict[str, list[str]]:
    """By service the topics wanted of it; an empty list stands for all that may be seen.

    `sessions.*`, `SessionLogged`, `sessions.SessionLogged.v1`; separated by commas. Raises BadParameter.
    """
    wanted = [one.strip() for word in words or () for one in word.split(",") if one.strip()]
    if not wanted:
        return {service: [] for service in services}
    found: dict[str, list[str]] = {}
    for word in wanted:
        service, _, rest = word.partition(".")
        if rest == "*" and service in FEEDS:
            found[service] = []
            continue
        named = [one for one in facts() if word in (one.topic, one.name, f"{one.service}.{one.name}")]
        if not named:
            raise typer.BadParameter(f"{word}: {_instead(word)}")
        for one in named:
            if found.get(one.service, ["some"]):
                found.setdefault(one.service, []).append(one.topic)
    unknown = found.keys() - set(services)
    if unknown:
        raise typer.BadParameter(f"no address of {', '.join(sorted(unknown))} is known here")
    return found


def facts() -> list[Contract]:
    """Every fact that a feed may hold."""
    return [one for one in contracts() if one.service in FEEDS and not one.restricted]


def _instead(word: str) -> str:
    names = [one.topic for one in facts()] + [one.name for one in facts()]
    near = get_close_matches(word, names, n=3, cutoff=0.5)
    return f"no such fact; {'perhaps ' + ' or '.join(near) if near else 'docs/facts.md lists them all'}"
