/** How the calls of a phase went: figures of a phase in which calls failed say nothing. */
import type { Integrity } from './integrity.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

export interface Outcome {
  readonly phase: string
  readonly called: number
  /** At whom no phone ever rang. */
  readonly notReached: number
  /** They talked to the end. */
  readonly served: number
  readonly complaints: number
  readonly phoneComplaints: number
  readonly firstComplaint: string | null
  /** Agents who were not rung although callers waited. */
  readonly idleAgents: number
  /** Null: the phase does not ask. */
  readonly carried: Integrity | null
}

export function outcomeOf(
  phase: string,
  monitor: CallMonitor,
  more: { readonly idleAgents?: number; readonly carried?: Integrity | null } = {},
): Outcome {
  const { called, reached, served, complaints, phoneComplaints, firstComplaint } = monitor
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
    idleAgents,
    carried,
  }
}

/** Of a complaint, whose first line says what it is. */
const wordsMax = 160

/** What went wrong, in words; empty when every call went well. */
export function failuresOf(outcome: Outcome): string[] {
  const { called, notReached, served, complaints, phoneComplaints, firstComplaint } = outcome
  const { idleAgents, carried } = outcome
  const all: readonly [boolean, string][] = [
    [called === 0, 'nobody called'],
    [complaints > 0, `${complaints} complaints of the callers’ SIPp`],
    [phoneComplaints > 0, `${phoneComplaints} complaints of the phones’ SIPp`],
    [firstComplaint !== null, `the first: ${firstComplaint?.replaceAll(/\s+/g, ' ').slice(0, wordsMax)}`],
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
    [fromCel > 0, `${fromCel} rows of the ledger come from Asterisk’s record, not from the line`],
    [turnedAway > 0, `${turnedAway} callers heard that the line is full`],
    [byFallback > 0, `${byFallback} calls were in the fallback queue`],
  ]
}

export function outcomeText(outcome: Outcome): string {
  const { phase, called, served, complaints, phoneComplaints } = outcome
  const failures = failuresOf(outcome)
  return (
    `${phase}: ${called} called, ${served} talked to the end, ${complaints} complaints of SIPp, ` +
    `${phoneComplaints} of the phones’: ${failures.length === 0 ? 'held' : `FAILED (${failures.join('; ')})`}`
  )
}
