INSERT INTO alert_channels (channel, since)
SELECT arrayJoin({channels:Array(String)}), {at:DateTime64(3, 'UTC')}
