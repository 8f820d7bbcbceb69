"""Putting a bug in the place of something sound."""


def put_into(place: object, **bugs: object) -> None:
    """Replace attributes that are there. AttributeError when one is not, so that no bug is lost unnoticed."""
    for name, bug in bugs.items():
        getattr(place, name)
        setattr(place, name, bug)
