/** Everything has a limit. One home for each, with its unit in its name. Those that a user may change are defaults of the configuration. */

export const RECORD_BYTES_MAX = 1_048_576;
export const JSON_DEPTH_MAX = 100;
/** What a dead letter keeps of a record that is too large. */
export const DEAD_LETTER_HEAD_BYTES = 65_536;
/** What an error or dead letter shows of an offending value. */
export const GOT_CHARS_MAX = 200;

export const BLOCK_ROWS_MAX = 50_000;
export const BLOCK_BYTES_MAX = 16 * 1_048_576;
/** Age at which a block closes, once its partition has nothing more to give. */
export const BLOCK_AGE_MS_MAX = 1_000;
/** Bytes of received records held in open and waiting blocks before intake pauses. */
export const HELD_BYTES_MAX = 96 * 1_048_576;
/** Inserts under way at once: the embedded engine's writer sessions. */
export const INSERTS_AT_ONCE = 2;

/** gzip: expanded bytes of one Kafka message. */
export const MESSAGE_EXPANDED_BYTES_MAX = 64 * 1_048_576;
/** gzip: expanded bytes of one file. */
export const FILE_EXPANDED_BYTES_MAX = 1_099_511_627_776;
/** gzip: a ratio above this, once EXPANSION_RATIO_FROM_BYTES have come out, is a bomb. */
export const EXPANSION_RATIO_MAX = 200;
export const EXPANSION_RATIO_FROM_BYTES = 32 * 1_048_576;
