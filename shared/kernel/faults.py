"""Fault points: with ALONGSIDE_FAULT="relay.before_ack:3" the process dies at its third visit there."""

import os
import signal


def _wish() -> tuple[str, int]:
    """The point to die at and the visits until then; none outside the dev profile."""
    if os.environ.get("ALONGSIDE_PROFILE") != "dev":
        return "", 0
    point, _, visits = os.environ.get("ALONGSIDE_FAULT", "").partition(":")
    return point, int(visits or 1)


_point, _visits = _wish()


async def reach(point: str) -> None:
    """Die here, as with kill -9, if this is the point and the visit that the environment names."""
    global _visits
    if point != _point:
        return
    _visits -= 1
    if _visits == 0:
        os.kill(os.getpid(), signal.SIGKILL)
