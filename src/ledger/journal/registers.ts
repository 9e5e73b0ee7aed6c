/**
 * The registers that are compared with the journal. The list is code, because the database has the same list for its
 * sweep, and its owner could shorten it: a difference between the two is a finding.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { BadEntry } from './value-check.ts'

/** Registers with an entry for each row, and the SQL expression that names a row in its entry. */
export const journalledRegisters: Readonly<Record<string, string>> = {
  account_activations: 'id',
  account_factor_ends: 'factor',
  account_factors: 'id',
  account_passwords: 'id',
  account_proposal_ends: 'proposal',
  account_proposals: 'id',
  account_subject_ends: 'link',
  account_subjects: 'id',
  account_versions: 'id',
  accounts: 'id',
  activation_events: 'id',
  agent_skill_versions: 'id',
  agreement_signatures: 'id',
  agreement_versions: 'version',
  caller_block_ends: 'block',
  caller_blocks: 'id',
  caller_notice_ends: 'notice',
  caller_notices: 'id',
  calls: 'id',
  configuration_versions: 'id',
  connection_tests: 'id',
  contact_versions: 'id',
  declared_days: 'id',
  document_updates: 'id',
  employer_contracts: 'id',
  full_hearings: 'opening',
  hearings: 'id',
  identity_beginnings: 'id',
  identity_checks: 'id',
  identity_confirmations: "concat_ws(' ', check_id, agent)",
  identity_locks: 'id',
  identity_searches: 'id',
  identity_unlocks: 'lock',
  identity_verdicts: 'check_id',
  justified_accesses: 'id',
  notes: 'id',
  notice_ends: 'notice',
  notices: 'id',
  outbox: 'id',
  outbox_tries: 'id',
  paper_draft_steps: 'id',
  paper_drafts: 'id',
  paper_openings: 'id',
  paper_retirements: 'id',
  paper_synonyms: 'id',
  paper_versions: "paper || '@' || version",
  program_token_acceptances: 'id',
  program_token_ends: 'token',
  program_tokens: 'id',
  prompt_versions: 'id',
  recording_compressions: "concat_ws(' ', call, leg)",
  recording_losses: "concat_ws(' ', call, leg)",
  recordings: "concat_ws(' ', call, leg)",
  recovery_code_uses: 'code',
  recovery_codes: 'id',
  request_number_raises: 'id',
  request_statuses: 'id',
  request_tellings: 'id',
  requests: 'id',
  session_ends: "encode(token_digest, 'hex')",
  sessions: "encode(token_digest, 'hex')",
  supervisor_orders: 'id',
  voicemail_steps: 'id',
  voicemails: 'call',
  volume_marks: 'id',
  webhook_receiver_versions: 'id',
  webhook_replays: 'id',
  wrap_ups: 'id',
}

/** Busy registers, with an entry for a run of rows, and the column that numbers them. */
export const journalledRuns: Readonly<Record<string, string>> = {
  agent_events: 'ordinal',
  call_events: 'ordinal',
  sign_ins: 'id',
}

/** Registers that were older than their place in the list, by the migration that listed them. */
export const listedTogether: readonly (readonly string[])[] = [
  ['notice_ends', 'notices', 'paper_openings', 'paper_synonyms', 'paper_versions'],
  ['account_passwords', 'session_ends', 'sessions'],
  ['agent_events', 'call_events', 'sign_ins'],
  ['accounts', 'declared_days'],
]

/** Tables with a register's triggers that need no entries of their own. */
export const notJournalled: Readonly<Record<string, string>> = {
  journal_entries: 'the journal itself',
  journal_nodes: 'follows from the entries',
  paper_vocabulary: 'follows from paper_versions',
  paper_words: 'follows from paper_versions',
  rewritten_rows: 'bound by one entry (rewritten-rows.ts)',
}

/** A register that the database's list lacks gets no entries any more; one with another key gets wrong ones. */
export async function wrongList(db: Database): Promise<BadEntry | null> {
  const listed = await sql<{ register: string; named: string }>`
    select register, key as named from public.journalled_registers
    union all select register, ordinal from public.journalled_runs`.execute(db)
  const found = new Map(listed.rows.map(({ register, named }) => [register, named]))
  const expected = new Map(Object.entries({ ...journalledRegisters, ...journalledRuns }))
  const lacking = [...expected.keys()].find((register) => !found.has(register))
  if (lacking !== undefined) return finding(`lacks ${lacking}: new rows of it get no entry.`)
  const other = [...found].find(([register, named]) => expected.get(register) !== named)
  if (other === undefined) return null
  const [register] = other
  return finding(
    expected.has(register)
      ? `names the rows of ${register} in another way: they get wrong entries.`
      : `has ${register}, which this version does not verify.`,
  )
}

const finding = (what: string): BadEntry => ({
  index: null,
  sentence: `The database’s list of journalled registers has been changed: it ${what}`,
})
