/** Agents and phone numbers with many failed identity checks: logged at each failure, and listed for supervisors. */
import type { FastifyBaseLogger } from 'fastify'
import {
  alertWindowMs,
  isAgentAlarming,
  isNumberAlarming,
  type AgentTally,
  type NumberTally,
} from '../../city/identity/alert.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { callerOf } from '../../ledger/calls/calls.ts'
import { agentTallies, numberTallies } from '../../ledger/identity/tallies.ts'
import type { Metrics } from '../../metrics.ts'

export interface AlertDeps {
  readonly db: Database
  readonly metrics: Metrics
  readonly logger: FastifyBaseLogger
  readonly now: () => Millis
}

export interface Alarming {
  readonly agents: readonly AgentTally[]
  readonly numbers: readonly NumberTally[]
}

const byFailures = (one: { failed: number }, other: { failed: number }): number => other.failed - one.failed

/** The worst first. */
export async function alarming({ db, now }: Pick<AlertDeps, 'db' | 'now'>): Promise<Alarming> {
  const since = now() - alertWindowMs
  const [agents, numbers] = await Promise.all([agentTallies(db, since), numberTallies(db, since)])
  return {
    agents: agents.filter(isAgentAlarming).sort(byFailures),
    numbers: numbers.filter(isNumberAlarming).sort(byFailures),
  }
}

/** Called after a failed check. The verdict is given already, so an error here is only logged. */
export async function alertOnFailure(deps: AlertDeps, agent: AgentId, call: CallId): Promise<void> {
  const { metrics, logger } = deps
  try {
    const { agents, numbers } = await alarming(deps)
    const number = await callerOf(deps.db, call)
    if (agents.some((tally) => tally.agent === agent)) {
      metrics.identityAlerts.inc({ kind: 'agent' })
      logger.warn({ agent }, 'many identity checks fail with one agent')
    }
    if (numbers.some((tally) => tally.number === number)) {
      metrics.identityAlerts.inc({ kind: 'number' })
      // The log has the call instead of the number; authorised users find the number through it.
      logger.warn({ call }, 'many identity checks fail from one number')
    }
  } catch (error) {
    logger.error({ error: error instanceof Error ? error.message : '' }, 'failed checks could not be counted')
  }
}
