/**
 * Everything has a limit. One home for each, with its unit in its name. Those that a user may change are defaults of
 * the configuration.
 */

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
/** How many times as old a block may become while its partition is known to hold more: small parts cost merges. */
export const BLOCK_AGE_BACKLOG_RATIO = 10;
/** Bytes of received records held in open and waiting blocks before intake pauses. */
export const HELD_BYTES_MAX = 96 * 1_048_576;
/** Inserts under way at once: the embedded engine's writer sessions. */
export const INSERTS_AT_ONCE = 2;

/** Addresses whose networks are remembered, twice: those asked for lately, and those before them. */
export const NETWORKS_CACHED_ENTRIES_MAX = 32_768;
/** A network database of a user's own: its file, records of it that are kept decoded, and a name in it. */
export const NETWORK_FILE_BYTES_MAX = 1_073_741_824;
export const NETWORK_RECORDS_CACHED_MAX = 10_000;
export const NETWORK_NAME_CHARS_MAX = 500;
/** Records that are read when such a file is opened, spread over all of it. */
export const NETWORK_RECORDS_PROBED_MAX = 1_000;

/** gzip: expanded bytes of one Kafka message. */
export const MESSAGE_EXPANDED_BYTES_MAX = 64 * 1_048_576;
/** gzip: expanded bytes of one file. */
export const FILE_EXPANDED_BYTES_MAX = 1_099_511_627_776;
/** gzip: a ratio above this, once EXPANSION_RATIO_FROM_BYTES have come out, is a bomb. */
export const EXPANSION_RATIO_MAX = 200;
export const EXPANSION_RATIO_FROM_BYTES = 32 * 1_048_576;
/** gzip: pieces that are expanded one after the other; of a damaged large file the records of one are lost. */
export const GZIP_PIECE_BYTES = 16_384;
/** gzip: a file up to this size is expanded again when it is damaged, so that nothing before the damage is lost. */
export const GZIP_HISTORY_BYTES_MAX = 1_048_576;
/** What is read of a file at once, and what of its start names its stream. */
export const FILE_CHUNK_BYTES = 262_144;
export const STREAM_DIGEST_BYTES = 65_536;
/** Rows of one block that the store may refuse for their data before the fault is taken to be ours, not theirs. */
export const REFUSED_ROWS_MAX = 100;

/** The configuration file, and a file that holds one secret. */
export const CONFIG_FILE_BYTES_MAX = 1_048_576;
export const SECRET_FILE_BYTES_MAX = 4_096;
/** Free space below which intake stops: merges need room of their own, and a full disk harms what is already stored. */
export const DISK_FREE_BYTES_MIN = 1_073_741_824;

/** Retries of the store: first and longest pause, and the attempts for errors that may be permanent. */
export const RETRY_PAUSE_MS_MIN = 100;
export const RETRY_PAUSE_MS_MAX = 30_000;
export const RETRY_ATTEMPTS_CAPPED_MAX = 8;
/** A statement or insert that has sent nothing for this long has lost its store. */
export const STORE_IDLE_MS_MAX = 300_000;
/**
 * One insert is one block of the engine: its rows and bytes must stay below these, else a retry could be cut
 * differently.
 */
export const INSERT_ROWS_MAX = 1_000_000;
export const INSERT_BYTES_MAX = 256 * 1_048_576;
/** Sessions of the embedded engine for the program's own statements, and for statements of the reader role. */
export const READERS_AT_ONCE = 3;
export const GUARDED_AT_ONCE = 2;
/** Statement text that the embedded server takes. */
export const STATEMENT_BYTES_MAX = 1_048_576;
/** Statements whose columns are remembered. */
export const ANSWER_COLUMNS_ENTRIES_MAX = 256;
/** An answer that the embedded server holds as a whole before it sends it. */
export const BUFFERED_ANSWER_BYTES_MAX = 256 * 1_048_576;
/** What a statement of the reader role may use. */
export const READER_SECONDS_MAX = 60;
export const READER_MEMORY_BYTES_MAX = 2_147_483_648;
export const READER_RESULT_ROWS_MAX = 1_000_000;
export const READER_RESULT_BYTES_MAX = 256 * 1_048_576;
/** How long a process waits for the engine of a data directory that another one holds without answering. */
export const ELECTION_MS_MAX = 20_000;
/** How long a closing embedded server waits for statements under way. */
export const CLOSE_MS_MAX = 10_000;
/** Free space below which the embedded store does not open. */
export const FREE_BYTES_MIN = 16 * 1_048_576;

/** Rows of one answer: what a reader may have at most. */
export const ANSWER_ROWS_MAX = READER_RESULT_ROWS_MAX;
/** Memory of one GROUP BY or sort above which it goes on in files. */
export const ANSWER_SPILL_BYTES = 1_280 * 1_048_576;
/** Length of a statement that a person may send, and of a question's file. */
export const SQL_CHARS_MAX = 65_536;
/** Rows from which a table takes the widths of its columns. */
export const TABLE_MEASURED_ROWS_MAX = 2_000;
/** How often the free space of the data directory is looked at, at most. */
export const DISK_CHECK_MS = 1_000;

/** Expanded bytes of one compressed record batch of Kafka. */
export const KAFKA_BATCH_EXPANDED_BYTES_MAX = 64 * 1_048_576;
/** What one fetch asks of one partition: the least CPU and memory per record of the sizes that were measured. */
export const KAFKA_PARTITION_FETCH_BYTES = 262_144;
/** What one fetch asks of one broker for all partitions together. */
export const KAFKA_FETCH_BYTES_MAX = 8 * 1_048_576;
/**
 * How long a stopping consumer waits for its open blocks, for the last commit and for the group: ten seconds together.
 */
export const KAFKA_FLUSH_MS_MAX = 8_000;
export const KAFKA_COMMIT_MS_MAX = 500;
export const KAFKA_LEAVE_MS_MAX = 1_200;
/** Bytes handed to the pipeline without a break, so that timers and answers of the store are not kept waiting. */
export const KAFKA_UNBROKEN_BYTES_MAX = 262_144;
/** Kafka refuses offset metadata above this. */
export const KAFKA_OFFSET_METADATA_CHARS_MAX = 4_096;
/**
 * The lock for changes of the schema: its holder's sign of life, the silence after which it is dead, the longest wait
 * for it.
 */
export const LOCK_BEAT_MS = 3_000;
export const LOCK_STALE_MS = 15_000;
export const LOCK_WAIT_MS_MAX = 120_000;
/** Silence after which a consumer group takes a member for dead. */
export const KAFKA_SESSION_MS = 30_000;
/** Letters that one replayed block may come from, and the bytes of their texts; a letter that is longer goes alone. */
export const REPLAY_LETTERS_MAX = 1_000;
export const REPLAY_BYTES_MAX = 16 * 1_048_576;
/** Content hashes that an ambiguous prefix names, and the digits that a prefix needs. */
export const LETTERS_NAMED_MAX = 10;
export const HASH_PREFIX_DIGITS_MIN = 4;
/** How often retention looks at the parts of a month again, because merges keep making new ones of them. */
export const RETENTION_ROUNDS_MAX = 20;
/** Rows that the engine takes from a part at a time while it exports: wide rows of many parts need memory. */
export const EXPORT_BLOCK_ROWS = 8_192;
/** Rows of one row group of an exported Parquet file, and the longest end of one month's file that is held back. */
export const PARQUET_GROUP_ROWS = 65_536;
export const PARQUET_FOOTER_BYTES_MAX = 16 * 1_048_576;
/** Rows that one statement of `renormalise` copies, that it holds back before it inserts them, and keys in memory. */
export const RENORMALISE_COPY_ROWS = 2_000_000;
export const RENORMALISE_INSERT_ROWS = 50_000;
export const RENORMALISE_INSERT_BYTES = 16 * 1_048_576;
export const RENORMALISE_KEYS_ROWS = 4_000_000;
/** How often it looks at the parts of a month again, because merges make new ones of them. */
export const RENORMALISE_ROUNDS_MAX = 50;
/** How far the clocks of this machine and of the store may lie apart before `doctor` says so. */
export const CLOCK_SKEW_MS_MAX = 2_000;
/** How long `doctor` waits for any one answer. */
export const DOCTOR_ANSWER_MS_MAX = 15_000;
/** What counting the new records of an intake may take at its end. */
export const COUNT_SECONDS_MAX = 60;
/** The same where the program was told to stop: it must be gone within ten seconds. */
export const COUNT_STOPPED_SECONDS_MAX = 3;
/** How often a program tries to begin over an engine that dies meanwhile. */
export const START_ATTEMPTS_MAX = 5;
/** A file that is imported into the registry, and the statements that the registry may hold. */
export const REGISTRY_FILE_BYTES_MAX = 256 * 1_048_576;
export const REGISTRY_STATEMENT_ROWS_MAX = 2_000_000;
/**
 * Rows that the dictionaries of the registry may hold: each generation that a question may still keep to is held whole.
 * Beyond it an import waits until older ones are dropped.
 */
export const REGISTRY_HELD_ROWS_MAX = 4_000_000;
export const REGISTRY_HELD_WAIT_MS_MAX = 180_000;
/** Faults of a file that are told at once. */
export const REGISTRY_FAULT_ENTRIES_MAX = 20;
/** What each of the counts in the footer of an answer may take. */
export const FOOTER_COUNT_SECONDS_MAX = 2;
/** A chart: columns where no terminal tells its own, and the fewest that it is drawn in. */
export const CHART_COLUMNS_DEFAULT = 80;
export const CHART_COLUMNS_MIN = 20;
/** A chart: points that are gathered, bars that are drawn, and series that are told apart, the rest being one. */
export const CHART_POINTS_MAX = 100_000;
export const CHART_BAR_ROWS_MAX = 20;
export const CHART_SERIES_ENTRIES_MAX = 5;
/** A part of the daemon that failed is started again after these pauses; what ran this long has failed anew. */
export const PART_PAUSE_MS_MIN = 500;
export const PART_PAUSE_MS_MAX = 30_000;
export const PART_STEADY_MS_MIN = 60_000;
/** What the parts of a daemon take to end, so that with the engine it is ten seconds; its HTTP server of that. */
export const DAEMON_STOP_MS_MAX = 7_000;
export const HTTP_STOP_MS_MAX = 3_000;
/** How long something that a library left open may keep the process of a daemon that has ended. */
export const DAEMON_LINGER_MS_MAX = 300;
/** What detections and collectors take of that; what they were about is done again by who comes next. */
export const DETECT_STOP_MS_MAX = 1_500;
export const COLLECT_PART_STOP_MS_MAX = 2_000;
/** How long the store may not answer before the daemon says that it is not ready. */
export const STORE_SILENT_MS_MAX = 5_000;
/** A pushed body as received and expanded, bodies under way at once, and how long one waits for the store. */
export const PUSH_BYTES_MAX = 16 * 1_048_576;
export const PUSH_EXPANDED_BYTES_MAX = 32 * 1_048_576;
export const PUSH_REQUESTS_AT_ONCE = 8;
export const PUSH_TOKEN_REQUESTS_AT_ONCE = 4;
export const PUSH_WAIT_MS_MAX = 30_000;
export const PUSH_COUNT_SECONDS_MAX = 2;
export const PUSH_STREAMS_HELD_ENTRIES_MAX = 1_000;
/** HTTP: the headers of a request, the time for them, for a whole request, and for silence on a connection. */
export const HTTP_HEADER_BYTES_MAX = 65_536;
export const HTTP_HEADERS_MS_MAX = 10_000;
export const HTTP_REQUEST_MS_MAX = 120_000;
export const HTTP_KEEP_ALIVE_MS = 5_000;
export const HTTP_CONNECTIONS_AT_ONCE = 512;
/** Files of any length that all clients together may be sent. */
export const FILES_AT_ONCE = 2;
/** What one token may ask at once, by API and SQL, and how many more may wait. */
export const TOKEN_QUERIES_AT_ONCE = 4;
export const TOKEN_WAITING_QUERIES_MAX = 32;
/** Tokens: how many the store may hold, how old what is known of them may be, and their longest name. */
export const TOKEN_ENTRIES_MAX = 10_000;
export const TOKENS_KNOWN_MS_MAX = 1_000;
export const TOKEN_NAME_CHARS_MAX = 100;
/** Wrong tokens that one address may show in a minute, and addresses that are remembered for it. */
export const WRONG_TOKEN_REQUESTS_MAX = 20;
export const WRONG_TOKEN_MS = 60_000;
export const WRONG_TOKEN_ADDRESS_ENTRIES_MAX = 10_000;
/** A page of the API, the values of a facet, and the clauses of a search. */
export const PAGE_ROWS_DEFAULT = 100;
export const PAGE_ROWS_MAX = 1_000;
export const FACET_ROWS_MAX = 50;
/** What is drawn of a range of time: steps of a histogram, points of a course, values of a field, what is new. */
export const HISTOGRAM_BUCKETS_DEFAULT = 120;
export const HISTOGRAM_BUCKETS_MAX = 1_000;
export const COURSE_POINTS_MAX = 32;
export const TOP_ROWS_DEFAULT = 8;
export const TOP_ROWS_MAX = 1_000;
export const NEWCOMER_ROWS = 8;
/** New values that are judged by their names, and how long these are in all; else all events of the range are. */
export const NEWCOMER_NAMES_ENTRIES_MAX = 500;
export const NEWCOMER_NAMES_CHARS_MAX = 10_000;
/** Addresses that are told of one entity, and how far into a list of entities its pages reach. */
export const ADDRESS_ROWS_MAX = 500;
export const LIST_OFFSET_ROWS_MAX = 1_000_000;
/** Days around a finding in which a case is looked for that it belongs to, and its other findings that are told. */
export const CASE_AROUND_DAYS = 14;
export const CASE_TOLD_ENTRIES_MAX = 50;
/** Words that a search looks for in the texts of events. */
export const SEARCH_TEXT_CHARS_MAX = 1_000;
/** Of one value that is asked for: whoever makes a request may name a key, a client or a path as they like. */
export const ASKED_VALUE_CHARS_MAX = 10_000;
/** Readings of a text in which somebody found a secret. */
export const SECRET_READINGS_ENTRIES_MAX = 50;
export const FILTER_VALUES_ENTRIES_MAX = 100;
/** The body of a request of the API, and the findings that a preview looks at. */
export const API_BODY_BYTES_MAX = 65_536;
/** The same of one that brings a registry file; longer ones are imported by the command line. */
export const API_FILE_BODY_BYTES_MAX = 4 * 1_048_576;
export const FINDINGS_PREVIEWED_ROWS_MAX = 10_000;
/** Rows of one answer of the API that is no export. */
export const API_ANSWER_ROWS_MAX = 10_000;
/** A tail: how often the ledger is looked at, signs of life, tails at once, and the age that it resumes from. */
export const TAIL_POLL_MS = 1_000;
export const TAIL_ORPHANS_ENTRIES_MAX = 1_000;
export const TAIL_BEAT_MS = 15_000;
export const TAIL_REQUESTS_AT_ONCE = 64;
export const TAIL_RESUME_HOURS_MAX = 24;
/** A session of a browser, how many are remembered, and how long the link of a terminal may be used. */
export const SESSION_HOURS_MAX = 12;
export const SESSIONS_HELD_ENTRIES_MAX = 1_000;
export const SIGN_IN_LINK_MS_MAX = 600_000;
/** The body of a statement of the SQL endpoint, expanded where it is compressed. */
export const SQL_BODY_BYTES_MAX = 262_144;
/** How often the daemon asks the store whether it is there. */
export const STORE_BEAT_MS = 5_000;
/** The access log: text of one entry, entries that wait for the intake, and how long they are gathered. */
export const ACCESS_DETAIL_CHARS_MAX = 4_000;
export const ACCESS_WAITING_ENTRIES_MAX = 10_000;
export const ACCESS_GATHER_MS = 2_000;
/** What one detection may find in one look: what comes behind is said to be there, and not kept. */
export const DETECTION_ROWS_MAX = 10_000;
/** Findings that are held against those known, and inserted, at once. */
export const FINDINGS_INSERTED_ROWS = 5_000;
/** Blocks that detections look at together, and blocks without a row of the ledger among their events. */
export const DETECTION_BLOCKS_MAX = 1_000;
/** Events that one look is made at, unless a block has more: a history is looked at in several ranges of time. */
export const DETECTION_SPAN_ROWS_MAX = 500_000;
/** Age at which an event is too old, when it is stored, for an alert. */
export const LIVE_AGE_HOURS_MAX = 24;
/** Blocks whose events lie further apart than this are looked at in ranges of their own. */
export const DETECTION_GAP_HOURS = 6;
/**
 * What was learned late: keys and days that detections are asked about again at once, how many such parts one cycle
 * takes, open findings that are held against one of them, and the days before rules of apps were changed that are
 * looked at again.
 */
export const LATE_KEY_ENTRIES_MAX = 1_000;
export const LATE_DAYS_MAX = 31;
export const LATE_PART_ENTRIES_MAX = 4;
export const LATE_FINDING_ROWS_MAX = 10_000;
export const LATE_APP_RULES_DAYS = 30;
/** How often hours are counted anew while they last: each time reads all that came in them. */
export const HOURS_FED_MS = 300_000;
/** Differences of one month that `rebuild` tells, and how often it looks again while records come in. */
export const REBUILD_TOLD_ROWS_MAX = 5;
export const REBUILD_ROUND_ENTRIES_MAX = 5;
/** Findings that are joined to cases at once, and the days for which suppressions count what they did lately. */
export const CASE_FINDING_ROWS_MAX = 50_000;
export const SUPPRESSION_LATELY_DAYS = 30;
/** Without a cycle for so long, detections count as standing still, and no heartbeat says otherwise. */
export const LOOKED_LATELY_MS_MAX = 300_000;
export const HEARTBEAT_MS = 60_000;
export const HEARTBEAT_ANSWER_MS_MAX = 10_000;
/** Detections that look at least so often do not wait for the others: see `Lane`. */
export const URGENT_INTERVAL_SECONDS_MAX = 5;
/** How often the loop of detections looks whether one of them is due. */
export const DETECTION_CYCLE_MS = 1_000;
/** How often a process that stands by looks whether the holder of the lease lives. */
export const LEASE_POLL_MS = 2_000;
/** Detections that are asked side by side: the sessions that the embedded engine has for readers. */
export const DETECTIONS_AT_ONCE = GUARDED_AT_ONCE;

/** Collecting: rows that one page repeats of the page before, and those by which pages and positions are recognised. */
export const PAGE_OVERLAP_ROWS = 10;
export const WALK_TAIL_ROWS = 50;
export const WALK_ANCHOR_ROWS = 8;
/** The API's own limits: rows of a page of each log, and requests a minute for each account key. */
export const SYSTEM_LOG_PAGE_ROWS = 1_000;
export const SESSION_LOG_PAGE_ROWS = 100;
export const SHARE_REQUESTS_MAX = 400;
/** The API's minute, and a second for what is on its way. */
export const API_WINDOW_MS = 61_000;
/** When the API says that no more than this is left of the minute, the rest is for others. */
export const REMAINING_REQUESTS_MIN = 10;
/** Requests of one log in one cycle: what a burst has beyond them is read by the next. */
export const WALK_REQUESTS_MAX = 100;
/** Pages after which rows are made durable and the walk's progress is written down. */
export const WALK_SAVE_REQUESTS = 20;
/** How far back the daily walk goes, and how often it is made. */
export const REWALK_DAYS = 7;
export const REWALK_EVERY_HOURS = 24;
/** Tries of one request, and the pause between them. */
export const API_ATTEMPTS_MAX = 6;
export const API_PAUSE_MS_MIN = 1_000;
export const API_PAUSE_MS_MAX = 60_000;
export const API_ANSWER_MS_MAX = 60_000;
export const API_ANSWER_BYTES_MAX = 64 * 1_048_576;
/** How old a reading of account and users may become. */
export const READING_AGE_MS_MAX = 3_600_000;
/** Defaults of collecting: how often, how late a row may become visible, and the share of the API's limit. */
export const COLLECT_EVERY_MS = 60_000;
export const COLLECT_LATENESS_MS = 600_000;
export const COLLECT_SHARE_PERCENT = 25;
/** Rows whose digests are remembered so that they are not handed on twice. */
export const KNOWN_ROWS_MAX = 50_000;
/** Accounts of an API that are collected from at the same time. */
export const ACCOUNTS_AT_ONCE = 16;
/** Collected records that are written to a topic at once. */
export const TOPIC_MESSAGES_MAX = 1_000;
/** How long a stopping collector waits for what it has in hand. */
export const COLLECT_STOP_MS_MAX = 8_000;
/** Times that a text is looked at for secrets, each after the cuts of the time before. */
export const SCRUB_ROUNDS_MAX = 8;

/** Alerts: how long one hand-over may take, and what of an answer is read. */
export const ALERT_SEND_MS_MAX = 10_000;
export const ALERT_ANSWER_BYTES_MAX = 65_536;
/** Messages of one channel that are on their way at once, and that are queued for it. */
export const ALERT_SENDS_AT_ONCE = 4;
export const ALERT_QUEUED_MESSAGES_MAX = 100;
/** First and longest pause of a channel that could not take a message; `Retry-After` is believed up to the last. */
export const ALERT_PAUSE_MS_MIN = 1_000;
export const ALERT_PAUSE_MS_MAX = 900_000;
export const ALERT_RETRY_AFTER_SECONDS_MAX = 3_600;
/** Alerts that a channel is sent one by one within the time below; what comes on top of them is one digest. */
export const ALERT_SINGLE_MESSAGES_MAX = 50;
export const ALERT_FLOOD_MS = 600_000;
/** A digest of the past is sent when nothing more was found for so long, or when its first finding is so old. */
export const ALERT_BACKFILL_QUIET_MS = 300_000;
export const ALERT_BACKFILL_MS_MAX = 3_600_000;
/** Alerts that are decided on at once, and findings that a digest names. */
export const ALERT_DECIDED_ROWS_MAX = 100_000;
export const ALERT_DIGEST_ENTRIES_MAX = 10;
/** What is shown of a title, of a fact, and of how many facts. */
export const ALERT_TITLE_CHARS_MAX = 300;
export const ALERT_FACT_CHARS_MAX = 500;
export const ALERT_FACT_ENTRIES_MAX = 20;
/** What is kept of why a channel did not take a message. */
export const ALERT_DETAIL_CHARS_MAX = 300;
/** Slack's own limits of blocks: texts of a header, a section and a field, and fields of a section. */
export const SLACK_HEADER_CHARS_MAX = 150;
export const SLACK_TEXT_CHARS_MAX = 3_000;
export const SLACK_FIELD_CHARS_MAX = 2_000;
export const SLACK_FIELD_ENTRIES_MAX = 10;
/** PagerDuty's own limits: summary, key, source, and the bytes of an event. */
export const PAGERDUTY_SUMMARY_CHARS_MAX = 1_024;
export const PAGERDUTY_KEY_CHARS_MAX = 255;
export const PAGERDUTY_EVENT_BYTES_MAX = 512_000;
/** What a mail carries beside its text; base64 makes a third more of it, and many servers take no more than 25 MB. */
export const MAIL_ATTACHED_BYTES_MAX = 16 * 1_048_576;
/** The line of a subject that every mail program shows. */
export const MAIL_SUBJECT_CHARS_MAX = 200;
/** Bytes of a webhook's key: the bounds that Standard Webhooks names. */
export const WEBHOOK_KEY_BYTES_MIN = 24;
export const WEBHOOK_KEY_BYTES_MAX = 64;
/** How long a process that ends waits for messages on their way. */
export const ALERT_STOP_MS_MAX = 5_000;

/** Reports: the longest period that one tells of. */
export const REPORT_PERIOD_DAYS_MAX = 3_660;
/** Periods of one schedule that are told although their time was missed: the last ones. */
export const REPORT_CATCH_UP_ENTRIES_MAX = 12;
/** What a message holds of a report: HTML in the body of a mail, JSON of a webhook, and a line. */
export const REPORT_BODY_BYTES_MAX = 1_048_576;
export const REPORT_EMBEDDED_BYTES_MAX = 524_288;
export const REPORT_LINE_CHARS_MAX = 1_000;
/** A document as JSON: what is stored of one report. */
export const REPORT_DOCUMENT_BYTES_MAX = 128 * 1_048_576;
/** How often the scheduler looks. */
export const REPORT_STEP_MS = 5_000;
/** Attempts at a run, those of them that want every section to have its answer, and the pause between them. */
export const REPORT_RUN_ATTEMPTS_MAX = 6;
export const REPORT_WHOLE_ATTEMPTS_MAX = 3;
export const REPORT_RUN_PAUSE_MS_MIN = 60_000;
export const REPORT_RUN_PAUSE_MS_MAX = 3_600_000;
/** How long a process that ends waits for a report in the making. */
export const REPORT_STOP_MS_MAX = 5_000;
/** How long handing over one report may take. */
export const REPORT_SEND_MS_MAX = 120_000;
/** Runs that `report schedule --check` tells, and rows of the history. */
export const REPORT_RUNS_SHOWN_ENTRIES = 10;
export const REPORT_HISTORY_ROWS_MAX = 1_000;
/** Rows of a section that a document holds, that people are shown in HTML, PDF and Markdown, and of what is gone. */
export const REPORT_SECTION_ROWS_MAX = 100_000;
export const REPORT_SHOWN_ROWS_MAX = 200;
export const REPORT_MARKDOWN_ROWS_MAX = 15;
export const REPORT_GONE_ROWS_MAX = 1_000;
/** Rows of one answer that is asked for all owners at once, and then parted. */
export const REPORT_SPLIT_ROWS_MAX = 200_000;
/** Questions of a report that are asked side by side: the sessions that the embedded engine has for readers. */
export const REPORT_QUESTIONS_AT_ONCE = READERS_AT_ONCE;
/** What counting the late events of a period may take. */
export const REPORT_COUNT_SECONDS_MAX = 10;
/** A file of a kind of report, and of a person's folder of them. */
export const REPORT_KIND_BYTES_MAX = 262_144;
/** How long printing a PDF may take. */
export const REPORT_PRINT_MS_MAX = 60_000;
/** Excel's own limits: characters of a cell, and of the name of a sheet. */
export const SHEET_CELL_CHARS_MAX = 32_767;
export const SHEET_NAME_CHARS_MAX = 31;
