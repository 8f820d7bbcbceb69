"""./alongside listen: facts as they happen, and handed on to a program that is being written."""

import json
from typing import Annotated

import typer

from deploy.following import forwarding
from deploy.following.ending import until_told
from deploy.following.forwarding import Forwarded, Forwarder
from deploy.following.house import REGION, AsJson, Data, House, Region, Token, Url, found
from deploy.following.stream import following
from deploy.following.told import Told, console, line
from deploy.following.topics import chosen
from deploy.running import DEFAULT_DATA

Types = Annotated[
    list[str] | None,
    typer.Option(help="Facts: sessions.SessionLogged.v1, SessionLogged or sessions.*; commas between."),
]


def listen(
    forward_to: Annotated[
        str | None, typer.Option(help="Hand each on as a signed webhook: http://localhost:3000/webhooks.")
    ] = None,
    types: Types = None,
    after: Annotated[
        int | None,
        typer.Option(help="Begin after this position, 0 for the beginning; default: what is new.", min=0),
    ] = None,
    stop_after: Annotated[int | None, typer.Option(help="End after so many facts.", min=1)] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            help="Sign with this whsec_...; else one is made and kept.", envvar="ALONGSIDE_LISTEN_SECRET"
        ),
    ] = None,
    url: Url = None,
    region: Region = REGION,
    token: Token = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Prints each fact as it happens, and forwards it as a signed webhook; until Ctrl-C. Exits 0, 1, 2 or 4."""
    house = found(data, url, region, token)
    wanted = chosen(types, house.feeds)
    forwarder = None
    if forward_to is not None:
        kept = house.here.data if house.here else None
        signing = forwarding.checked_secret(secret) if secret else forwarding.secret_of(kept)
        forwarder = Forwarder(forwarding.checked(forward_to), signing)
    listener = Listener(house, forwarder, as_json)
    until_told(listener.run(wanted, after, stop_after))
    listener.end()


class Listener:
    """What is printed, and counted."""

    def __init__(self, house: House, forwarder: Forwarder | None, as_json: bool) -> None:
        self.house, self.forwarder, self.as_json = house, forwarder, as_json
        self.seen = self.taken = 0
        self._out, self._aside = console(), console(is_error=True)

    async def run(self, wanted: dict[str, list[str]], after: int | None, most: int | None) -> None:
        self._begin(wanted)
        try:
            async with following(self.house, wanted, after, self._status) as facts:
                async for told in facts:
                    self._tell(told, await self.forwarder.send(told) if self.forwarder else None)
                    if self.seen == most:
                        return
        finally:
            if self.forwarder:
                await self.forwarder.close()

    def _begin(self, wanted: dict[str, list[str]]) -> None:
        url, secret = (self.forwarder.url, self.forwarder.secret) if self.forwarder else (None, None)
        if self.as_json:
            self._json(
                "listening", services=sorted(wanted), region=self.house.region, forward_to=url, secret=secret
            )
            return
        self._aside.print(
            f"Listening to {', '.join(sorted(wanted))} of {self.house.region}; Ctrl-C ends it.", style="bold"
        )
        if url:
            self._aside.print(f"Forwarding to {url}\nYour webhook signing secret is [bold]{secret}[/bold]")

    def _status(self, service: str, now: str) -> None:
        if self.as_json:
            self._json("line", service=service, now=now)
        elif now != "connected":
            self._aside.print(f"{service}: {now}", style="yellow")

    def _tell(self, told: Told, forwarded: Forwarded | None) -> None:
        self.seen += 1
        self.taken += bool(forwarded and forwarded.taken)
        if self.as_json:
            came = forwarded and {
                "status": forwarded.status,
                "error": forwarded.why or None,
                "ms": forwarded.ms,
            }
            self._json("fact", **told.row(), forwarded=came)
            return
        self._out.print(line(told, *_outcome(forwarded)))

    def end(self) -> None:
        """How it went."""
        if self.as_json:
            self._json("ended", facts=self.seen, taken=self.taken if self.forwarder else None)
            return
        told = f"{self.seen} facts" + (
            f", {self.taken} taken by {self.forwarder.url}" if self.forwarder else ""
        )
        self._aside.print(told)

    def _json(self, event: str, **more: object) -> None:
        typer.echo(json.dumps({"event": event, **more}))


def _outcome(forwarded: Forwarded | None) -> list[tuple[str, str]]:
    if forwarded is None:
        return []
    style = "green" if forwarded.taken else "bold red"
    return [(f"  → {forwarded.status or forwarded.why}", style), (f" in {forwarded.ms:.0f} ms", "dim")]
