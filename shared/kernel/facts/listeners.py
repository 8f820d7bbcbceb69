"""Who waits for facts: so many in all, so many each, and all of them let go when the process ends."""

from collections import Counter
from collections.abc import Callable

from fastapi import Request

from shared.kernel.auth import Actor
from shared.kernel.facts.pages import Pages
from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running
from shared.kernel.serving import at_end

MOST, MOST_EACH = 1000, 32
AGAIN_SECONDS = 5

KNOWN["too_many_listeners"] = (
    "More listen here than this process takes, or one integrator more often than its share. Try again later, "
    "or ask the feed now and then without `wait`."
)
KNOWN["ahead_of_the_log"] = (
    "You ask for what comes after a position that this service has not reached: it is another service's, or the "
    "service was restored to an earlier state. Compare what you have from some position on before you go on."
)


class Listeners:
    """One for each process: its pages, and how many wait for what comes next. `each` limits integrators alone."""

    def __init__(self, pages: Pages, most: int = MOST, each: int = MOST_EACH) -> None:
        self.pages, self.most, self.each = pages, most, each
        self._by_name: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._by_name.total()

    def enter(self, request: Request) -> Callable[[], None]:
        """Listen until what is returned is called. Raises Problem 503 when there is no place."""
        actor: Actor = request.state.actor
        name = str(actor)
        theirs = actor.role == "integrator" and self._by_name[name] >= self.each
        if theirs or len(self) >= self.most or self.pages.ended:
            told = f"{name} listens {self.each} times already" if theirs else KNOWN["too_many_listeners"]
            raise Problem(503, "too_many_listeners", told, headers={"Retry-After": str(AGAIN_SECONDS)})
        self._by_name[name] += 1
        request.state.waits = True  # nobody has to look why this answer took so long

        def leave() -> None:
            self._by_name[name] -= 1
            if not self._by_name[name]:
                del self._by_name[name]

        return leave

    async def at_least(self, after: int, field: str) -> int:
        """The head, which has reached this position. Raises Problem 409 when it has not."""
        head = await self.pages.head()
        if after > head:
            told = {"field": field, "detail": f"{after} is beyond the head of this service, which is {head}"}
            raise Problem(409, "ahead_of_the_log", f"{field}: {told['detail']}", errors=[told])
        return head


def listeners(request: Request) -> Listeners:
    """Those of this process."""
    state = request.app.state
    found = getattr(state, "fact_listeners", None)
    if not isinstance(found, Listeners):
        running: Running = state.running
        found = state.fact_listeners = Listeners(Pages(running.store))
        at_end(request.app, found.pages.stop)
    return found
