"""Every limit of the product, in one place, each with the reason for its size.

A limit that is reached is answered with a fault or a rejection that names it; nothing is cut off silently.
"""

from typing import Final

DOCUMENT_BYTES_MAX: Final = 10 * 1024 * 1024
"""Largest document accepted: the largest real e-invoice with attachments seen is below 5 MiB."""

BATCH_DOCUMENTS_MAX: Final = 500
"""Documents in one bulk request: one database transaction must stay short."""

BATCH_BYTES_MAX: Final = 64 * 1024 * 1024
"""Bytes in one bulk request."""

ATTACHMENTS_MAX: Final = 50
"""Files that people put beside one case."""

DOCUMENT_LINES_MAX: Final = 10_000
"""Lines in one document."""

PDF_SECONDS_MAX: Final = 20
"""Seconds of processor time spent on one PDF: the largest real invoice seen takes three."""

XML_DEPTH_MAX: Final = 200
"""Nesting of an XML document: EN 16931 needs 12, DMN models nest expressions."""

JSON_DEPTH_MAX: Final = 64
"""Nesting of a JSON document."""

DECIMAL_DIGITS_MAX: Final = 34
"""Digits of a decimal (IEEE 754 decimal128, which DMN 1.5 clause 10.3.1.2 asks for)."""

AMOUNT_INTEGER_DIGITS_MAX: Final = 18
"""Digits before the point of an amount or quantity: a trillion in the smallest currency, with room."""

QUANTITY_SCALE: Final = 6
"""Decimal places in which balances are counted exactly; a finer quantity goes to review."""

TEXT_CHARACTERS_MAX: Final = 20_000
"""Characters of one text field of a document."""

REASON_CHARACTERS_MAX: Final = 2_000
"""Characters of a person's reason."""

AUDIT_ENTRY_BYTES_MAX: Final = 65_535
"""Bytes of one audit entry: the uint16 length prefix of C2SP tlog-tiles."""

SEQUENCE_BATCH_MAX: Final = 4_096
"""Entries that one round of the sequencer takes into the tree: sixteen tiles."""

FEEL_DEPTH_MAX: Final = 100
"""Nesting of one FEEL expression."""

FEEL_CHARACTERS_MAX: Final = 50_000
"""Characters of one FEEL expression."""

FEEL_ITERATIONS_MAX: Final = 1_000_000
"""Iterations that the evaluation of one decision may take over all its loops and lists."""

COMPILED_MODELS_MAX: Final = 64
"""Compiled decision models kept for whoever loads the same content again: several packs with their versions."""

COMPILED_SOURCES_BYTES_MAX: Final = 64 * 1024 * 1024
"""Bytes of the sources of kept models: a compiled model takes a small multiple of its file."""

CANDIDATES_PER_KEY_MAX: Final = 12
"""Cases that the duplicate search reads under one name, before the day and after it, the nearest first."""

CANDIDATES_MAX: Final = 24
"""Cases that one decision on duplicates compares, the nearest numbers and days first."""

SPENDING_DAYS_MAX: Final = 92
"""Days before and after a document that its supplier's other documents are looked up in: a quarter."""

SPENDING_DOCUMENTS_MAX: Final = 200
"""Documents of one supplier, one cost centre and those days that are read; more make the days fewer."""

NEIGHBOURS_MAX: Final = 6
"""Earlier rows that a row of a register is compared with in one block."""

SORTED_NEIGHBOURS_MAX: Final = 3
"""The same where a block is sorted by names, or where rows meet by a near form of their number."""

REGISTER_ROWS_MAX: Final = 5_000_000
"""Rows of one register: some hundred bytes each are held."""

ROW_FAULTS_MAX: Final = 1_000
"""Faults of a register's rows that are told one by one; the rest are counted."""

WORKFLOW_STEPS_MAX: Final = 10_000
"""Nodes that one command may pass in a process before it is taken for an endless loop."""

WORKFLOW_MARKINGS_MAX: Final = 10_000
"""Standings of tokens that the check of a process goes through in one scope, after it was made smaller."""

WORKFLOW_MOVES_MAX: Final = 100_000
"""Moves between such standings: a choice of some of many branches has more of them than standings."""

WORKFLOW_INSTANCES_MAX: Final = 1_000
"""Instances of one activity: each is a part of the case's row while it waits."""

WORKFLOW_TOKENS_MAX: Final = 10_000
"""Tokens of one case at once, as far as instances make them: instances within instances multiply."""

WORKFLOW_CALL_DEPTH_MAX: Final = 20
"""Processes that call one another within one case: deeper ones call themselves."""

DELIVERY_ATTEMPTS_MAX: Final = 12
"""Attempts of one delivery before it waits for a person: more than an hour."""

DELIVERY_BACKOFF_S_BASE: Final = 2
"""First pause between two attempts; doubled each time."""

DELIVERY_BACKOFF_S_MAX: Final = 3_600
"""Longest pause between two attempts."""

DELIVERY_TIMEOUT_S: Final = 20
"""Seconds a connector waits for the outside system's answer."""

WORK_ATTEMPTS_MAX: Final = 12
"""Attempts at a row that fail by a defect, or with their worker, before it waits for a person: an hour."""

LEASE_S: Final = 60
"""Seconds for which a worker owns a leased row: three times the longest delivery."""

HEARTBEAT_S: Final = 15
"""Seconds between two heartbeats of a worker: three of them may be lost before its leases are."""

HOLD_S_MAX: Final = 600
"""Seconds for which heartbeats keep one row: what takes longer hangs, and somebody else tries it."""

MESSAGE_BYTES_MAX: Final = 8_192
"""Bytes that a message of an outside system carries: it becomes a variable of a case, and part of an audit entry."""

MESSAGE_KEY_CHARACTERS_MAX: Final = 200
"""Characters of the key under which a case awaits a message."""

BEGUN_DEPTH_MAX: Final = 20
"""Cases that begin one another by messages and signals; more of them is taken for a circle of processes."""

JOB_TURN_S: Final = 10
"""Seconds for which a worker goes on with one long job before others have their turn: less than it may take to stop."""

FOLLOWING_REST_S: Final = 60
"""Seconds after which a job that follows the cases looks for new ones again: nobody waits for it."""

FOLLOWING_BEHIND_S: Final = 60
"""Seconds that it stays behind the cases: no transaction of one takes as long, so that none is committed behind it."""

POLICY_SHADOWS_MAX: Final = 3
"""Candidates that decide beside the version in force at a time: each decides every case twice."""

POLICY_SHADOW_DAYS_MAX: Final = 30
"""Days after which a shadow ends by itself: a month has seen every kind of case, and what is left on is forgotten."""

FORECAST_CASES_MAX: Final = 1_000
"""Newest cases that a forecast of a version is made of: a minute's work, and shares to three points."""

FORECAST_DAYS_MAX: Final = 92
"""Days that a forecast looks back: a quarter has a month end, and what is older went by another policy."""

WATCH_DAYS_MAX: Final = 30
"""Days for which a version that came in force is held against its forecast."""

STOP_S_MAX: Final = 30
"""Seconds that a worker which was told to stop gives what it has begun: more than the longest delivery."""

IDEMPOTENCY_KEY_CHARACTERS_MAX: Final = 255
"""Characters of a client's idempotency key."""

OUTLINE_ROWS_MAX: Final = 2_000
"""Rows of a document's structure that a page shows beside its data: nobody reads more, and the bytes are there."""

CONNECTION_WAIT_S_MAX: Final = 10
"""Seconds that a request waits for a connection to the database: who asked has given up by then, or tries again."""

PAGE_SIZE_MAX: Final = 200
"""Rows that one page of a listing returns."""

SEARCH_WORDS_MAX: Final = 800
"""Words and beginnings of words by which one case is found: number and supplier first, the last lines last."""

SEARCH_WORD_CHARACTERS_MAX: Final = 12
"""Characters of a word up to which its beginnings find it; longer ones are found by their first twelve or whole."""

SEARCH_TERMS_MAX: Final = 8
"""Words of one search that count; the first ones do."""

SEARCH_CASES_MAX: Final = 2_000
"""The newest cases that one search ranks."""

SAVED_SEARCHES_MAX: Final = 30
"""Searches that one person keeps: more are no chips any more."""

POLICY_DRAFTS_MAX: Final = 20
"""Drafts of policy that one author has open: more are forgotten ones."""

ENTITIES_OVERRIDING_MAX: Final = 100
"""Entities with a version of policy of their own: a release of the group merges and tells each in one entry."""

POLICY_FILE_BYTES_MAX: Final = 4 * 1024 * 1024
"""Largest file of a pack that a draft takes: a table of ten thousand rules is half of that."""

TEMPLATE_CHARACTERS_MAX: Final = 20_000
"""Characters of one text of a notice's template: many times the product's own."""

ANSWER_LINK_HOURS: Final = 72
"""Hours in which a mail's link can be answered after it was written; the case itself stays where it is."""

NOTICE_RECIPIENTS_MAX: Final = 100
"""People of one role who are told of a task; where more hold it, nobody alone is meant, and the queue is the place."""

NOTICE_ATTEMPTS_MAX: Final = 12
"""Attempts of one notice before it waits for a person: with the pauses below, most of a day without a mail server."""

NOTICE_BACKOFF_S_BASE: Final = 30
"""First pause between two attempts at a notice; doubled each time, up to the longest pause of deliveries."""

NOTICE_TIMEOUT_S: Final = 10
"""Seconds that a mail server or a push service has for each answer."""

DIGEST_ROWS_MAX: Final = 50
"""Tasks that one digest lists; it says how many more there are."""

PUSH_SUBSCRIPTIONS_MAX: Final = 10
"""Browsers in which one person can be reached."""

PUSH_PAYLOAD_BYTES_MAX: Final = 3_000
"""Bytes of a push message in clear: push services take 4,096 with the encryption (RFC 8030, section 7.2)."""

APPROVED_TOGETHER_MAX: Final = 50
"""Tasks that are approved together at most: a page of a queue."""

DELEGATION_STEPS_MAX: Final = 5
"""Delegations, each passed on by the one before, by which one signature may be given; more are nobody's to follow."""

ABSENCE_DAYS_MAX: Final = 366
"""Days that one absence or delegation may last: what is longer is a change of who holds the role."""

STANDING_RECORDS_MAX: Final = 200
"""Absences, and delegations, that are kept of one person: every one is read when the person is asked something."""
