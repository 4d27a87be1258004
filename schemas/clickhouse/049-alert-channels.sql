-- alert_channels: since when each channel is there; the first row of a name counts.
--
-- A new channel is told what is found from then on, and is not surprised with what was found before.
CREATE TABLE IF NOT EXISTS alert_channels
(
    channel  String,
    since    DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (channel, since)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
