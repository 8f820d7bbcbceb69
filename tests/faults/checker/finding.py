"""One thing that is not as it was promised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is the promise broken, `where` the service, stream or listener, `detail` what was seen."""

    name: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.name} in {self.where}: {self.detail}"
