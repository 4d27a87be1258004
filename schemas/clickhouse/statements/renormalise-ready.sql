-- From here on the new month is whole, and only the swap is left to do.
RENAME TABLE renormalise_staging TO renormalise_ready
