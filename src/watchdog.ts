/** The watchdog's process; see `asterisk/fallback/watchdog.ts`. It needs only AMI. */
import { pino } from 'pino'
import { watch } from './asterisk/fallback/watchdog.ts'
import { readAmiAccess } from './config.ts'
import { beat } from './heartbeat.ts'

beat()
const { ami } = readAmiAccess(process.env)
const log = pino({ name: 'watchdog' })
const running = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => running.abort())
await watch({ ami, log, monotonic: () => performance.now() }, running.signal)
