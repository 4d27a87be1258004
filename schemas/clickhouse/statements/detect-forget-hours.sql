-- What is said of keys on days that are told anew.
DELETE FROM key_hours
WHERE key_id IN {keys:Array(String)} AND toDate(hour) >= toDate({from:DateTime64(3, 'UTC')})
    AND toDate(hour) < toDate({to:DateTime64(3, 'UTC')})
SETTINGS lightweight_deletes_sync = 2
