/**
 * What holds where neither flag, variable nor file says anything. The file's names, so that the published schema can
 * show them.
 */
import {
  BLOCK_AGE_MS_MAX,
  BLOCK_BYTES_MAX,
  BLOCK_ROWS_MAX,
  COLLECT_EVERY_MS,
  COLLECT_LATENESS_MS,
  COLLECT_SHARE_PERCENT,
  DISK_FREE_BYTES_MIN,
  HEARTBEAT_MS,
  HELD_BYTES_MAX,
  KAFKA_SESSION_MS,
  LIVE_AGE_HOURS_MAX,
  RECORD_BYTES_MAX,
  STORE_IDLE_MS_MAX,
} from '../core/limits.ts';

export const DEFAULTS = {
  data_dir: './.keytrail',
  log_level: 'info',
  fingerprint_key_id: '1',
  record_bytes_max: RECORD_BYTES_MAX,
  held_bytes_max: HELD_BYTES_MAX,
  block: { rows_max: BLOCK_ROWS_MAX, bytes_max: BLOCK_BYTES_MAX, age_ms_max: BLOCK_AGE_MS_MAX },
  enrich: { enabled: true },
  disk: { free_bytes_min: DISK_FREE_BYTES_MIN },
  clickhouse: {
    username: 'default',
    database: 'default',
    insert_quorum: 0,
    request_timeout_ms: STORE_IDLE_MS_MAX,
  },
  kafka: { client_id: 'keytrail', group: 'keytrail', session_timeout_ms: KAFKA_SESSION_MS },
  http: { listen: '127.0.0.1:8137' },
  collect: {
    redis_cloud: {
      base_url: 'https://api.redislabs.com/v1',
      every_ms: COLLECT_EVERY_MS,
      lateness_ms_max: COLLECT_LATENESS_MS,
      share_percent: COLLECT_SHARE_PERCENT,
      system_log_topic: 'redis-cloud-system-log',
      session_log_topic: 'redis-cloud-session-log',
    },
  },
  detections: { live_age_hours_max: LIVE_AGE_HOURS_MAX },
  alerts: { heartbeat: { every_ms: HEARTBEAT_MS }, allow_private_addresses: false },
} as const;

/** Where the configuration file is looked for when nobody names one. */
export const DEFAULT_FILE = 'keytrail.yaml';
