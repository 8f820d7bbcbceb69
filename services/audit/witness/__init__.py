"""A witness (C2SP tlog-witness): cosigns a log's checkpoint only when it continues the last one it cosigned.

It needs no database and trusts nobody; a local authority or the auditor runs it, on a machine of their own.
"""
