"""A half-folded region as bytes, so that a replay goes on where it was put down."""

from typing import Any

import msgspec
from pydantic import BaseModel

from services.audit.replay.folding import Folding


def put_down(folding: Folding) -> bytes:
    """As it is now."""
    return _encoder.encode(folding)


def take_up(kept: bytes) -> Folding:
    """As it was. Raises msgspec.ValidationError when another program wrote it."""
    return _decoder.decode(kept)


def _as_text(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    raise NotImplementedError(type(value))


def _from_text(kind: type, value: Any) -> Any:
    if issubclass(kind, BaseModel):
        return kind.model_validate_json(value)
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_as_text)
_decoder = msgspec.msgpack.Decoder(Folding, dec_hook=_from_text)
