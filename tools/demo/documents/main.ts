/**
 * The demo's document system as a program: it accepts every request, assigns a number of its own, and reports progress
 * a little later. Its data is not persistent.
 *
 * Environment: DEMO_PORT, DOCUMENTS_SECRET, DOCUMENTS_STATUS_SECRET, STATUS_URL.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FiledRequest } from './filing.ts'
import { DemoDocumentSystem, type StatusData } from './system.ts'

/** A short processing time. */
const receivedAfterMs = 2_000
const inProgressAfterMs = 20_000
/** Retries while the contact centre restarts. */
const againAfterMs = [1_000, 5_000, 20_000] as const

const { DEMO_PORT = '', DOCUMENTS_SECRET = '', DOCUMENTS_STATUS_SECRET = '', STATUS_URL = '' } = process.env
const system = new DemoDocumentSystem({
  secret: DOCUMENTS_SECRET,
  statusSecret: DOCUMENTS_STATUS_SECRET,
  statusUrl: STATUS_URL,
  onMessage: (filed, how) => {
    if (how === 'new') void treat(filed)
  },
})
await system.listen(Number(DEMO_PORT))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))

async function treat({ request, ownNumber, ownDate, department }: FiledRequest): Promise<void> {
  const whose = department === '' ? null : department
  await sleep(receivedAfterMs)
  await tell({ request, version: 1, state: 'received', department: whose, ownNumber, ownDate })
  await sleep(inProgressAfterMs)
  await tell({ request, version: 2, state: 'in progress', department: whose, ownNumber, ownDate })
}

async function tell(update: StatusData): Promise<void> {
  const id = `demo_${update.request}_${update.version}`
  for (const pauseMs of againAfterMs) {
    const status = await system.tell(update, { id }).catch(() => 0)
    if (status >= 200 && status < 300) return
    await sleep(pauseMs)
  }
}
