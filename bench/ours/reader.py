"""A service that only reads: one projection of the writer's facts."""

from bench.ours.read_model import metadata, projection
from shared.kernel.service import Service, run

service = Service(name="reader", routers=(), metadata=metadata, migrations=None, projections=(projection,))

if __name__ == "__main__":
    run(service)
