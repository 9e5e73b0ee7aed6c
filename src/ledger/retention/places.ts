/**
 * Every place that holds a personal value, and when the value ends. `docs/rules/data-protection.md` has the same list for
 * people. A test compares it with the columns of the database, and fails for a column of text that is in neither list.
 */

/**
 * `audio`, `details`, `requests`, `logs`: the setting RETENTION_…_DAYS. `work`: with the piece of work that it belongs to,
 * within minutes or days. `kept`: for ever, for the reason that the place states.
 */
export type Term = 'audio' | 'details' | 'requests' | 'logs' | 'work' | 'kept'

export interface TablePlace {
  readonly table: string
  /** Columns of text or JSON. */
  readonly columns: readonly string[]
  readonly holds: string
  readonly ends: Term
}

export interface FilePlace {
  /** Path below `var/`, or the setting that names the folder. */
  readonly files: string
  readonly holds: string
  readonly ends: Term
}

export const tablePlaces: readonly TablePlace[] = [
  { table: 'callers', columns: ['number', 'name'], holds: 'the caller’s number and name', ends: 'details' },
  { table: 'note_texts', columns: ['text'], holds: 'notes on calls', ends: 'details' },
  {
    table: 'free_texts',
    columns: ['text'],
    holds:
      'subjects of wrap-ups; reasons of unlockings, full hearings, raised numbers, declared days, published configurations, blocks of callers, receivers of webhooks and recorded prompts; notes to messages that callers have left; the numbers of blocked callers; remarks on the journal',
    ends: 'details',
  },
  {
    table: 'justified_access_texts',
    columns: ['text'],
    holds: 'reasons for opening what is not one’s own',
    ends: 'details',
  },
  {
    table: 'outbox_bodies',
    columns: ['body'],
    holds: 'delivered messages to the document system',
    ends: 'details',
  },
  {
    table: 'request_details',
    columns: ['value', 'phone', 'street'],
    holds: 'a request’s text, person, contact, place and tracking code',
    ends: 'requests',
  },
  {
    table: 'request_status_notes',
    columns: ['text'],
    holds: 'notes to statuses of a request',
    ends: 'requests',
  },
  {
    table: 'paper_misses',
    columns: ['query'],
    holds:
      'searches for articles that found nothing, counted by day, without digits and without the agent; editors see those of at least three times',
    ends: 'logs',
  },
  { table: 'request_drafts', columns: ['form'], holds: 'a request that is being written', ends: 'logs' },
  {
    table: 'tracking_tries',
    columns: ['number', 'address'],
    holds: 'networks of tries at the tracking page',
    ends: 'logs',
  },
  { table: 'sign_in_networks', columns: ['network'], holds: 'networks of sign-ins', ends: 'logs' },
  { table: 'refused_sign_ins', columns: ['address'], holds: 'networks of refused sign-ins', ends: 'logs' },
  {
    table: 'webhook_deliveries',
    columns: ['call', 'message'],
    holds: 'which receiver was sent which event of a call, and how it answered',
    ends: 'logs',
  },
  {
    table: 'accounts',
    columns: ['username'],
    holds: 'user names of the staff: who did what stays on record',
    ends: 'kept',
  },
  {
    table: 'account_versions',
    columns: ['name', 'employer'],
    holds: 'names and employers of the staff: who did what stays on record',
    ends: 'kept',
  },
  {
    table: 'account_factors',
    columns: ['name'],
    holds: 'the name that somebody of the staff has given to their own passkey',
    ends: 'kept',
  },
  {
    table: 'account_subjects',
    columns: ['subject'],
    holds: 'the staff’s ids at the city’s identity provider',
    ends: 'kept',
  },
  {
    table: 'provider_sessions',
    columns: ['subject', 'sid'],
    holds: 'sessions at the identity provider, until they end',
    ends: 'work',
  },
  {
    table: 'contact_versions',
    columns: ['name', 'number'],
    holds:
      'departments and interpreters to whom callers are sent, with their numbers: which numbers the city let its machine dial, and when, stays on record',
    ends: 'kept',
  },
  {
    table: 'employer_contracts',
    columns: ['employer'],
    holds: 'names of employers: whose contract had ended when',
    ends: 'kept',
  },
  {
    table: 'program_tokens',
    columns: ['program'],
    holds: 'names of programs that have had a token: which program asked what stays on record',
    ends: 'kept',
  },
  {
    table: 'webhook_receiver_versions',
    columns: ['name', 'url'],
    holds:
      'names and addresses of programs that are told of calls: which program was told what stays on record',
    ends: 'kept',
  },
  {
    table: 'identity_searches',
    columns: ['person', 'taxpayer', 'bucket', 'claim'],
    holds: 'a person as HMAC(CNP) and the fiscal database’s own handle: proof of every consultation',
    ends: 'kept',
  },
  {
    table: 'identity_checks',
    columns: ['person', 'taxpayer'],
    holds: 'as identity_searches',
    ends: 'kept',
  },
  { table: 'identity_locks', columns: ['person', 'bucket'], holds: 'as identity_searches', ends: 'kept' },
  {
    table: 'volume_marks',
    columns: ['why'],
    holds: 'why the operator has marked a volume anew: part of the proof that no copy is missing',
    ends: 'kept',
  },
  {
    table: 'journal_entries',
    columns: ['entry', 'person'],
    holds:
      'who looked at what, persons as HMAC(CNP); remarks of versions before migration 0020 with their text: an entry is what was signed',
    ends: 'kept',
  },
]

/** Columns without a personal value of a citizen: ids, codes, words from lists, and what the city publishes. */
export const impersonalColumns: Readonly<Record<string, readonly string[]>> = {
  account_factor_ends: ['by'],
  account_factors: ['account', 'credential', 'kind', 'rp', 'transports'],
  account_subject_ends: ['by'],
  account_subjects: ['account', 'issuer'],
  code_tries: ['account'],
  journal_mark: ['head'],
  journalled_runs: ['ordinal', 'register'],
  phone_epochs: ['account'],
  provider_sessions: ['issuer'],
  recovery_codes: ['account'],
  account_activations: ['account', 'by', 'confirmed_by'],
  account_passwords: ['account', 'hash'],
  account_proposal_ends: ['by', 'outcome'],
  account_proposals: ['account', 'by', 'roles', 'roles_before'],
  account_versions: ['account', 'roles', 'by', 'confirmed_by'],
  accounts: ['id'],
  activation_events: ['event'],
  // Without the caller (`ledger/calls/event-writing.ts`).
  agent_events: ['agent', 'type', 'event', 'after'],
  // `skills`: names of skills and their levels.
  agent_skill_versions: ['account', 'skills', 'by'],
  agreement_signatures: ['account'],
  agreement_versions: ['text', 'by'],
  call_events: ['call', 'type', 'event', 'after'],
  caller_block_ends: ['by'],
  caller_blocks: ['by'],
  caller_notice_ends: ['by'],
  // The city's own words, which were read out to everybody.
  caller_notices: ['text', 'queues', 'by'],
  callers: ['call'],
  // `line`: the city's number that was dialled.
  calls: [
    'id',
    'pbx',
    'line',
    'queue',
    'agent',
    'outcome',
    'ended_by',
    'source',
    'legs',
    'others',
    'direction',
  ],
  cel_progress: ['pbx', 'file'],
  connection_tests: ['connection', 'outcome', 'cause', 'part', 'node', 'by'],
  // `document`: numbers of the city, names of queues, hours.
  configuration_versions: ['document', 'by'],
  contact_versions: ['contact', 'language', 'by'],
  declared_days: ['by'],
  document_updates: ['id', 'request', 'state', 'department', 'own_number'],
  employer_contracts: ['by'],
  full_hearings: ['opening', 'call', 'account'],
  hearings: ['call', 'account'],
  identity_beginnings: ['call', 'agent'],
  // `facts`: topics that were asked, never what they are.
  identity_checks: ['search', 'call', 'agent', 'facts'],
  identity_confirmations: ['agent'],
  identity_searches: ['id', 'call', 'agent'],
  identity_unlocks: ['account'],
  identity_verdicts: ['agent', 'verdict'],
  journal_entries: ['what', 'kind', 'account', 'call', 'about', 'register', 'row_key'],
  journalled_registers: ['register', 'key'],
  justified_accesses: ['account', 'object', 'object_id', 'reason', 'call'],
  lines: ['line', 'queue'],
  notes: ['call', 'author'],
  notice_ends: ['by'],
  // `articles` and `queues`: ids.
  notices: ['text', 'articles', 'queues', 'by'],
  outbox: ['id', 'request', 'type'],
  outbox_bodies: ['message'],
  outbox_tries: ['message', 'outcome', 'why', 'by'],
  outbox_unsent: ['message'],
  // `query`: only words that articles know (`ledger/knowledge/openings.ts`).
  paper_openings: ['call', 'account', 'paper', 'query'],
  paper_drafts: ['paper', 'content', 'by'],
  paper_draft_steps: ['step', 'reason', 'by'],
  paper_retirements: ['paper', 'reason', 'by'],
  paper_synonyms: ['word', 'means', 'folded', 'stems', 'by'],
  paper_versions: [
    'paper',
    'domain',
    'title',
    'problem',
    'asked',
    'needs',
    'form_name',
    'form_url',
    'handled_by',
    'fee',
    'counter',
    'hours',
    'term',
    'basis',
    'source_url',
    'by',
    'published_by',
  ],
  paper_vocabulary: ['word', 'stem'],
  paper_words: ['word', 'paper'],
  program_tokens: ['account', 'scopes', 'by'],
  program_token_ends: ['by'],
  // The voice is in no column of text: docs/rules/data-protection.md, 10.
  prompt_versions: ['prompt', 'by'],
  queues: ['id', 'name', 'name_en', 'skill'],
  recording_compressions: ['call', 'leg', 'file', 'sha256'],
  recording_losses: ['call', 'leg', 'why'],
  recordings: ['call', 'leg', 'agent', 'file', 'sha256', 'tracks', 'spans', 'gaps', 'waveform'],
  refused_sign_ins: ['account'],
  request_details: ['request'],
  request_drafts: ['id', 'agent', 'call'],
  request_number_raises: ['by'],
  // Names of departments and authorities, numbers of documents.
  request_statuses: [
    'request',
    'kind',
    'state',
    'department',
    'authority',
    'joined_to',
    'foreign_number',
    'by',
    'told_by',
  ],
  request_tellings: ['request', 'agent', 'call', 'how'],
  requests: [
    'id',
    'prefix',
    'kind',
    'category',
    'regime',
    'agent',
    'call',
    'draft',
    'about_request',
    'about_number',
    'about_lateness',
  ],
  rewritten_rows: ['register', 'row_key', 'field', 'before', 'after'],
  sessions: ['account', 'method'],
  sign_ins: ['account', 'outcome', 'method'],
  supervisor_orders: ['account', 'what', 'call', 'agent', 'queue', 'reason'],
  volume_marks: ['mark', 'volume'],
  // Which row of the record is meant, not what it says.
  webhook_deliveries: ['receiver', 'what', 'type', 'outcome', 'why'],
  voicemail_steps: ['call', 'step', 'result', 'by'],
  voicemails: ['call', 'queue', 'sound'],
  webhook_receiver_versions: ['receiver', 'types', 'by'],
  webhook_replays: ['receiver', 'message', 'by'],
  webhook_receivers: ['id', 'event_types'],
  webhook_unsent: ['receiver', 'call', 'what'],
  wrap_ups: ['call', 'agent', 'motivated', 'reason', 'resolution', 'code', 'code_name'],
}

export const filePlaces: readonly FilePlace[] = [
  { files: 'RECORDINGS_DIR/done/', holds: 'sealed recordings; they end with their keys', ends: 'audio' },
  { files: 'RECORDING_KEYS/', holds: 'the recordings’ keys; copies live for a week', ends: 'audio' },
  {
    files: 'RECORDINGS_DIR/<call>/',
    holds: 'raw audio until its job has sealed it; 30 days where the ledger has no such call',
    ends: 'audio',
  },
  { files: 'CEL_FILE', holds: 'Asterisk’s CEL: numbers of callers, also of outgoing calls', ends: 'details' },
  { files: 'spool/refused-<node>.ndjson', holds: 'events that PostgreSQL refused', ends: 'details' },
  { files: 'spool/<node>/', holds: 'events until PostgreSQL has them', ends: 'work' },
  {
    files: 'spool/directory-<node>.json',
    holds: 'names of agents, contacts’ and blocked callers’ numbers, as they are in force now',
    ends: 'work',
  },
  { files: 'log/', holds: 'logs of all parts; numbers at LOG_LEVEL=debug alone', ends: 'logs' },
  { files: 'asterisk/log/messages.log', holds: 'Asterisk’s warnings and errors', ends: 'logs' },
  { files: 'redis/', holds: 'calls in progress, and events until PostgreSQL has them', ends: 'work' },
]
