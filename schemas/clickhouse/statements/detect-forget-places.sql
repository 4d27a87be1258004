-- What is said of keys on days that are told anew.
DELETE FROM key_places
WHERE key_id IN {keys:Array(String)} AND toDate(day) >= toDate({from:DateTime64(3, 'UTC')})
    AND toDate(day) < toDate({to:DateTime64(3, 'UTC')})
SETTINGS lightweight_deletes_sync = 2
