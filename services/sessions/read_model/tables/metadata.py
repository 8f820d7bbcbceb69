"""What every table of this read model belongs to."""

from sqlalchemy import MetaData

metadata = MetaData()
