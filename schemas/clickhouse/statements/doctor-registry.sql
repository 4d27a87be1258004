-- Whether the dictionaries of the registry load, and what they hold: each of them is asked for something that is not there.
SELECT
    toUInt32((SELECT uniqExact(account_id, key_id) FROM registry_key_versions)) AS keys,
    (SELECT toUnixTimestamp64Milli(max(recorded_at)) FROM registry_imports WHERE state = 'committed') AS recorded_at_ms,
    dictGet('registry_account_at', 'name', (toUInt64(0), ''), now64(3)) AS account,
    dictGet('registry_user_at', 'name', (toUInt64(0), '', ''), now64(3)) AS user,
    dictGet('registry_key_at', 'owner', (toUInt64(0), '', ''), now64(3)) AS key,
    dictGet('registry_key_home', 'account_id', (toUInt64(0), '')) AS home,
    dictHas('registry_allow_list_at', (toUInt128(0), toUInt8(0), toUInt64(0)), toInt64(0)) AS allow_list,
    dictGet('registry_network_at', 'network', (toUInt64(0), '', toUInt8(0)), now64(3)) AS network,
    dictGet('registry_prefix_of', 'found', tuple(toIPv6('::'))) AS prefix
