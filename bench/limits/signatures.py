"""What no audit can do without: SHA-256 and Ed25519 of each fact."""

import time
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.child import Go, Job, Sample, main

BYTES = 1_000


def verify(job: Job, go: Go) -> Sample:
    private = Ed25519PrivateKey.generate()
    public, fact = private.public_key(), bytes(BYTES)
    text = b"alongside-leaf/v1\n%b\n" % sha256(fact).hexdigest().encode()
    signature = private.sign(text)
    go()
    began = time.monotonic()
    for _ in range(job.count):
        sha256(fact).digest()
        public.verify(signature, text)
    return {"count": job.count, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main({"verify": verify})
