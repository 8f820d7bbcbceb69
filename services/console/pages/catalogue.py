"""The catalogue: every published fact with its schema, example, readers and versions. Nothing in it is personal."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

from services.console.asking import Answer
from services.console.catalogue.document import DOCS, GRANTS, Catalogue, catalogue
from services.console.catalogue.snippets import pretty, snippets
from services.console.pages.shown import page

router = APIRouter(prefix="/catalogue")

TOPIC = re.compile(r"[a-z]+\.[A-Za-z]+\.v[1-9][0-9]*")
MISSING = "The catalogue is not installed here: docs/asyncapi.json is missing."
LABELS = {"service": "Recorded by", "privacy": "Privacy", "aggregate": "Decided by", "reader": "Read by"}
Words = Annotated[str, Query(max_length=200)]


@router.get("")
async def facts(
    request: Request,
    words: Words = "",
    service: Words = "",
    privacy: Words = "",
    aggregate: Words = "",
    reader: Words = "",
) -> HTMLResponse:
    """All facts, or those with these words in name, meaning or fields."""
    asked = {"service": service, "privacy": privacy, "aggregate": aggregate, "reader": reader}
    try:
        known = catalogue(DOCS)
    except OSError:
        known, problem = Catalogue(()), [Answer(404, problem=MISSING)]
    else:
        problem = []
    return page(
        request,
        "catalogue.html",
        problem,
        facts=known.chosen(words, **asked),
        known=len(known.facts),
        choices={name: known.values(name) for name in asked},
        sought={"words": words, **asked},
        labels=LABELS,
        grants=GRANTS,
    )


@router.get("/asyncapi.json")
async def asyncapi() -> Response:
    """The whole catalogue as AsyncAPI 3.0."""
    return _file("asyncapi.json", "application/vnd.aai.asyncapi+json;version=3.0.0")


@router.get("/consumers.json")
async def consumers() -> Response:
    """Who reads which fact."""
    return _file("consumers.json", "application/json")


@router.get("/schemas/{topic}")
async def schema(topic: str) -> Response:
    """The JSON Schema of a fact's `data`."""
    name = topic.removesuffix(".json")
    if not TOPIC.fullmatch(name):
        raise HTTPException(404)
    return _file(f"schemas/{name}.json", "application/schema+json")


@router.get("/facts/{topic}")
async def fact(request: Request, topic: str) -> HTMLResponse:
    """Everything there is to say about one fact."""
    try:
        known = catalogue(DOCS)
    except OSError:
        raise HTTPException(404) from None
    found = known.find(topic)
    if found is None:
        near = known.chosen(topic.split(".")[-2] if topic.count(".") == 2 else topic)
        told = Answer(404, problem=f"No fact {topic} is published.")
        return page(request, "no_fact.html", [told], status=404, near=near[:5])
    settings = request.app.state.settings
    versions = [one for each in found.more["versions"] if (one := known.find(each)) is not None]
    return page(
        request,
        "fact.html",
        fact=found,
        versions=versions,
        travelling=pretty(found.example["payload"]),
        headers=found.example["headers"],
        opened=pretty(found.opened) if found.opened else "",
        snippets=snippets(
            found, settings.region, settings.service_urls.get(found.service, "http://127.0.0.1:8000")
        ),
        grants=GRANTS,
    )


def _file(name: str, media_type: str) -> Response:
    path = DOCS / name
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=media_type)
