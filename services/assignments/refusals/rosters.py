"""Why a roster can't be taken over at all, and how to mend it."""

ROSTERS: dict[str, str] = {
    "invalid_encoding": "A file of the roster is not UTF-8. Export it as UTF-8; a byte order mark does no harm.",
    "invalid_header": "A file of the roster lacks a column that OneRoster 1.2 requires, or has one twice. "
    "`errors` names each, and the nearest name the file has.",
    "invalid_manifest": "manifest.csv is missing, is not of version 1.2, or does not fit the files of the zip.",
    "invalid_source": "It is not said which system the roster comes from. Give `source`, or fill in source.systemCode "
    "in manifest.csv, and keep it the same for every import from there.",
    "invalid_zip": "The body is no zip that can be taken: files in folders, encrypted, or far too large.",
}
