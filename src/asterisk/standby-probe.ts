/** Whether a standby node reaches Asterisk: pings ARI and changes nothing. */
import { request } from 'node:http'

export interface StandbyProbeOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Whether to ask at all now. */
  readonly wanted: () => boolean
}

export interface StandbyProbe {
  /** Whether Asterisk answered within the last second. */
  now(): boolean
  stop(): void
}

const askEveryMs = 300
const answerMs = 500
const freshMs = 1_000

export function probeAsStandby(options: StandbyProbeOptions): StandbyProbe {
  let answeredAt = Number.NEGATIVE_INFINITY
  const ask = () => {
    if (!options.wanted()) return
    const { host, port, user, password } = options
    const asked = request({
      host,
      port,
      path: '/ari/asterisk/ping',
      agent: false,
      auth: `${user}:${password}`,
      signal: AbortSignal.timeout(answerMs),
    })
    asked.on('response', (response) => {
      response.resume()
      if (response.statusCode === 200) answeredAt = performance.now()
    })
    // An error means not reachable: `answeredAt` stays.
    asked.on('error', () => undefined)
    asked.end()
  }
  const timer = setInterval(ask, askEveryMs)
  return {
    now: () => performance.now() - answeredAt < freshMs,
    stop: () => clearInterval(timer),
  }
}
