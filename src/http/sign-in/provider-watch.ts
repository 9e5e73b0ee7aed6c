/**
 * Asks the identity provider again and again whether the people whom it has vouched for may go on, so that a person
 * deactivated there is out soon also when the provider sends no message. A provider that does not answer ends no session
 * at once: agents in conversations must not fall with it.
 */
import type { Logger } from 'pino'
import type { Database } from '../../ledger/database.ts'
import { providedAccount } from '../../people/sign-in/provided-accounts.ts'
import { accountOfSubject } from '../../people/sign-in/subjects.ts'
import {
  confirmProviderSession,
  dueProviderSessions,
  endProviderSession,
  keepTokens,
  type ProviderSession,
} from '../../people/sign-in/provider-sessions.ts'
import type { IdentityProvider } from '../../people/sign-in/provider.ts'
import type { Seal } from '../../people/sign-in/sealed.ts'
import { repeat } from '../../repeat.ts'

const lookEveryMs = 5_000
/** Sessions that one node asks about in one round, and at once. */
const perRound = 40
const atOnce = 8

interface Watch {
  readonly db: Database
  readonly provider: IdentityProvider
  readonly seal: Seal
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Returns the function that stops it, once the answers that are under way are kept. */
export function watchProvider(watch: Watch): () => Promise<void> {
  const stopping = new AbortController()
  const failed = (error: unknown, inARow: number): void => {
    if (inARow === 1)
      watch.log.warn({ error: String(error) }, 'sessions of the identity provider cannot be checked')
  }
  const { signal } = stopping
  const working = repeat(() => recheckSessions(watch, signal), { everyMs: lookEveryMs, signal, failed })
  return async () => {
    stopping.abort()
    await working
  }
}

/** Checks the sessions that are due, those after an abort at the next round. Throws the first failure; all are tried. */
export async function recheckSessions(watch: Watch, signal?: AbortSignal): Promise<void> {
  const { db, provider, seal } = watch
  const due = [...(await dueProviderSessions(db, seal, provider.settings.recheckMs, perRound))]
  const next = async (): Promise<void> => {
    for (let session = due.shift(); session !== undefined; session = due.shift()) {
      if (signal?.aborted === true) return
      await recheck(watch, session)
    }
  }
  const results = await Promise.allSettled(Array.from({ length: atOnce }, next))
  const failed = results.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason as Error
}

async function recheck({ db, provider, seal, log }: Watch, session: ProviderSession): Promise<void> {
  const { digest, account, subject, sid, tokens, confirmedAt } = session
  const answer = await provider.recheck(subject, sid, tokens)
  if (answer.ok) {
    await confirmProviderSession(db, seal, digest, answer.tokens)
    // A link may have ended since, by a reset: a check must not make a second account.
    const linked = await accountOfSubject(db, answer.person)
    if (linked?.id === account) {
      const { employer } = provider.settings
      const provided = await providedAccount(db, answer.person, { employer, link: null, isSignIn: false })
      if (provided.ok) return
      log.info(
        { account, why: provided.why },
        'a session has ended: the identity provider gives no role any more',
      )
    } else log.info({ account }, 'a session has ended: its account is not linked with the person any more')
  } else if (answer.why === 'away') {
    if (answer.tokens !== undefined) await keepTokens(db, seal, digest, answer.tokens)
    if (Date.now() - confirmedAt < provider.settings.unreachedMaxMs) return
    log.warn(
      { account, detail: answer.detail },
      'a session has ended: the identity provider has not confirmed it for too long',
    )
  } else {
    log.info({ account, detail: answer.detail }, 'a session has ended: the identity provider refuses it')
  }
  await endProviderSession(db, digest)
}
