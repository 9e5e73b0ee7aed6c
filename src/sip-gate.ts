/** The gate's process; see `asterisk/security/sip-gate.ts`. It outlives the server, so that phones stay connected. */
import { pino } from 'pino'
import { SipGate } from './asterisk/security/sip-gate.ts'
import { readGate } from './config.ts'
import { beat } from './heartbeat.ts'

beat()
const gate = new SipGate({ ...readGate(process.env), log: pino({ name: 'sip-gate' }) })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void gate.stop().finally(() => process.exit(0))
  })
await gate.start()
