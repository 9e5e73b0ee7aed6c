/** The benchmark's agents: one SIPp with all desk phones, registered, and signed in where the system requires it. */
import { Api } from '../../demo/api.ts'
import type { DemoAccount } from '../../demo/demo-file.ts'
import type { Address } from '../../demo/calls/exchange.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { until } from '../../../test/support/until.ts'
import { registerPhones } from './register-phones.ts'
import { startSipp, type SippEvent, type SippRun } from './sipp.ts'

const phonesHost = '127.0.0.3'
const rtp = { from: 10_000, to: 12_999 }
const reachableMs = 20_000
/** Password hashing (argon2id) is slow on purpose: more parallel sign-ins would only queue. */
const signInsAtOnce = 4

export async function openPhones(
  server: Address,
  accounts: readonly DemoAccount[],
  onEvent: (event: SippEvent) => void,
  onComplaint: (line: string) => void,
): Promise<SippRun> {
  const local = { host: phonesHost, port: await freePort(phonesHost) }
  await registerPhones(server, local, accounts)
  return startSipp({ scenario: 'agent', local, remote: server, rtp, onEvent, onComplaint })
}

/** Signs all accounts in and sets them ready. */
export async function signIn(url: string, accounts: readonly DemoAccount[]): Promise<void> {
  const left = [...accounts]
  const work = async () => {
    for (let account = left.pop(); account !== undefined; account = left.pop()) {
      const api = new Api(url)
      // Retried: a busy machine may exceed the request's time-out.
      await until(() => api.signIn(account).then(...asBoolean), reachableMs)
      // Retried: the phone becomes reachable a moment after its registration.
      await until(() => api.setState({ state: 'ready' }).then(...asBoolean), reachableMs)
    }
  }
  await Promise.all(Array.from({ length: signInsAtOnce }, work))
}

const asBoolean = [() => true, () => false] as const
