"""Who states learning: learning systems that are named, and trainers."""

from fastapi import Request

from services.training.agency import agency
from services.training.api.fields import TRAINERS
from shared.kernel.auth import Actor
from shared.kernel.problems import Problem
from shared.kernel.running import Running

SOURCES = (*TRAINERS, "integrator")


def may_state(request: Request) -> None:
    """Which integrators are learning systems is a setting: others read facts, and complete nobody's training."""
    actor: Actor = request.state.actor
    running: Running = request.app.state.running
    named, dev = agency().learning_systems, running.settings.profile == "dev"
    if actor.role == "integrator" and not (actor.name in named if named is not None else dev):
        message = f"{actor.name} is not named in ALONGSIDE_LEARNING_SYSTEMS, so it states nothing here"
        raise Problem(403, "not_allowed", message)
