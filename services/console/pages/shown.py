"""What every page has: the frame, whom the visitor acts as, and the services to ask."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.console.asking import Answer, Services
from services.console.identity import ROLES, acting
from shared.contracts.words.purposes import PURPOSES
from shared.telling import wording


def coded(text: str) -> Markup:
    """A sentence of a contract, with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 and at < len(parts) - 1 else escape(part)
        for at, part in enumerate(parts)
    )


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    words=wording.words, day=wording.day, moment=wording.moment, duration=wording.duration, coded=coded
)
_templates.globals.update(ROLES=ROLES, PURPOSES=PURPOSES, UNREADABLE=wording.UNREADABLE)


def _services(request: Request) -> Services:
    return Services(request.app.state.client, request.app.state.settings, acting(request))


Asking = Annotated[Services, Depends(_services)]


async def _fields(request: Request) -> Mapping[str, str]:
    """A form as browsers send it; ours hold no files."""
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


Fields = Annotated[Mapping[str, str], Depends(_fields)]


def page(
    request: Request, template: str, asked: Sequence[Answer] = (), status: int = 200, **shown: Any
) -> HTMLResponse:
    """The page; every answer that brought a problem is told at its top."""
    problems = list(dict.fromkeys(answer.problem for answer in asked if answer.problem))
    frame = {
        "acting": acting(request),
        "region": request.app.state.settings.region,
        "here": request.url.path,
        "address": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        "problems": problems,
    }
    return HTMLResponse(_templates.get_template(template).render({**frame, **shown}), status)
