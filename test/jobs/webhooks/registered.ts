/** Receivers of webhooks that an administrator has entered, each with a program that listens. */
import type { Test } from 'tap'
import { webhookTypes, type WebhookType } from '../../../src/city/webhooks/published-events.ts'
import { openReceiver } from '../../../src/ledger/webhooks/receivers.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { addReceiver } from '../../../src/people/webhooks/receivers.ts'
import { quickHash } from '../../support/passwords.ts'
import { Receiver } from '../../support/webhook-receiver.ts'
import { seal, webhookLine } from './line.ts'

/** The settings name none, unless a test starts a node that has one. */
export async function registered(test: Test, redisUrl: string) {
  const line = await webhookLine(test, redisUrl)
  const { db, options, clock } = line
  const person = {
    username: 'admin',
    name: 'Dan Țepeș',
    employer: 'Primăria',
    roles: ['administrator' as const],
    password: 'o parolă lungă',
  }
  const account = await addAccount(db, person, quickHash)
  if (!account.ok) throw new Error(account.why)
  const decision = { by: account.account.id, reason: 'probă' }

  async function add(name: string, types: readonly WebhookType[] = webhookTypes) {
    const receiver = new Receiver(options.now)
    await receiver.listen()
    test.teardown(() => receiver.close())
    const added = await addReceiver(db, seal, { name, url: receiver.url, types }, decision)
    if (!added.ok) throw new Error(added.why)
    receiver.secret = added.secret
    const { id } = added
    const seen = async () => ({ id, version: (await openReceiver(db, id))!.version })
    return { id, receiver, seen }
  }
  const node = () => line.node({ receiver: null })
  /** Until the time has come for what is put off. */
  async function later(deliveries: ReturnType<typeof node>, ms: number): Promise<void> {
    clock.aheadMs += ms
    await deliveries.sweep()
  }
  const unsentTo = async (id: string) =>
    (await db.selectFrom('webhook_unsent').select('id').where('receiver', '=', id).execute()).length
  return { ...line, decision, add, node, nodeOf: line.node, later, unsentTo }
}
