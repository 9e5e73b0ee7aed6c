/** Outcome of a phase's calls. The figures of a phase with failed calls are not valid. */
import type { Integrity } from './integrity.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

export interface Outcome {
  readonly phase: string
  readonly called: number
  /** Callers for whom no phone ever rang. */
  readonly notReached: number
  /** Callers who talked for their whole talk time. */
  readonly served: number
  readonly complaints: number
  readonly phoneComplaints: number
  readonly firstComplaint: string | null
  readonly withdrawn: number
  /** Agents whose phone did not ring although callers waited. */
  readonly idleAgents: number
  /** Null: not checked in this phase. */
  readonly carried: Integrity | null
}

export function outcomeOf(
  phase: string,
  monitor: CallMonitor,
  more: { readonly idleAgents?: number; readonly carried?: Integrity | null } = {},
): Outcome {
  const { called, reached, served, complaints, phoneComplaints, firstComplaint, withdrawn } = monitor
  const { idleAgents = 0, carried = null } = more
  const notReached = called - reached.length
  return {
    phase,
    called,
    notReached,
    served,
    complaints,
    phoneComplaints,
    firstComplaint,
    withdrawn,
    idleAgents,
    carried,
  }
}

/** Length of SIPp's message in the report; the beginning identifies the error. */
const wordsMax = 160

/** Failures as sentences; empty when every call went well. */
export function failuresOf(outcome: Outcome): string[] {
  const { called, notReached, served, complaints, phoneComplaints, firstComplaint } = outcome
  const { withdrawn, idleAgents, carried } = outcome
  const all: readonly [boolean, string][] = [
    [called === 0, 'no caller called'],
    [complaints > 0, `${complaints} errors of the callers’ SIPp`],
    [phoneComplaints > 0, `${phoneComplaints} errors of the phones’ SIPp`],
    [firstComplaint !== null, `the first: ${firstComplaint?.replaceAll(/\s+/g, ' ').slice(0, wordsMax)}`],
    [withdrawn > 0, `${withdrawn} offers were withdrawn as their phone answered`],
    [notReached > 0, `${notReached} of ${called} callers reached no agent`],
    [served !== called, `${served} of ${called} callers talked to the end`],
    [idleAgents > 0, `${idleAgents} agents were not rung again although callers waited`],
    ...(carried === null ? [] : integrityFailures(carried, called)),
  ]
  return all.filter(([is]) => is).map(([, sentence]) => sentence)
}

function integrityFailures(
  { restarted, rows, fromCel, turnedAway, byFallback }: Integrity,
  called: number,
): readonly [boolean, string][] {
  return [
    [restarted.length > 0, `${restarted.join(', ')} ended and was started again`],
    [rows !== null && rows !== called, `${rows} rows in the ledger for ${called} calls`],
    [fromCel > 0, `${fromCel} rows of the ledger come from Asterisk’s CEL, not from the ACD`],
    [turnedAway > 0, `${turnedAway} callers were rejected because the queue was full`],
    [byFallback > 0, `${byFallback} calls were in the fallback queue`],
  ]
}

export function outcomeText(outcome: Outcome): string {
  const { phase, called, served, complaints, phoneComplaints } = outcome
  const failures = failuresOf(outcome)
  return (
    `${phase}: ${called} called, ${served} talked to the end, ${complaints} SIPp errors of callers, ` +
    `${phoneComplaints} of phones: ${failures.length === 0 ? 'held' : `FAILED (${failures.join('; ')})`}`
  )
}
