/** Parties outside the contact centre, through the desk, the owner and Asterisk. */
import t from 'tap'
import { agentLegOf, ContactId } from '../../src/core/ids.ts'
import type { Contact } from '../../src/core/contact.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { ana, besideStage, vera } from './beside.ts'

const redis = await testRedis(t)
const registry: Contact = {
  id: ContactId('registry'),
  name: 'Stare civilă',
  number: '+40256408300',
  language: null,
}
const premium: Contact = { ...registry, id: ContactId('premium'), number: '0900123456' }
/** A number of the line itself. */
const line: Contact = { ...registry, id: ContactId('line'), number: '0256408969' }
const to = { contact: registry.id }

async function outsideStage(test: Parameters<typeof besideStage>[0]) {
  const beside = await besideStage(test, redis)
  beside.stage.contacts.push(registry, premium, line)
  beside.stage.asterisk.setDirectory(beside.stage.agents, beside.stage.contacts)
  const dialled: ReturnType<typeof agentLegOf>[] = []
  beside.stage.asterisk.onDialExternal = (leg) => dialled.push(leg)
  const rung = async (nth = 1) => {
    await soon(() => dialled.length >= nth)
    const leg = dialled[nth - 1]
    if (leg === undefined) throw new Error('not dialled')
    return leg
  }
  return { ...beside, rung, dialled }
}

void t.test('asked, aside, all three, and given the caller: each hears whom they should', async (t) => {
  const { stage, offer, perform, hear, call, rung, dialled, server } = await outsideStage(t)
  t.match(await perform({ do: 'consult', agent: ana, to, joins: false }), { ok: true })
  const leg = await rung()
  await soon(() => stage.channel(agentLegOf(offer))?.ringback === true)
  t.equal(stage.channel('c1')?.music, true)
  stage.asterisk.answer(leg)
  await hear([offer, leg])
  t.equal(stage.channel(agentLegOf(offer))?.ringback, false)
  await perform({ do: 'resume', agent: ana })
  await hear(['c1', offer])
  await soon(() => stage.channel(leg)?.music === true)
  await perform({ do: 'joinConsult', agent: ana })
  await hear(['c1', offer, leg])
  t.match(await perform({ do: 'completeConsult', agent: ana }), { ok: true })
  await hear(['c1', leg])
  t.match(call(), { phase: 'transferred', transfer: { by: ana, to, state: 'taken' } })
  t.equal(server().agent('ana').state, 'ready')
  t.match(await perform({ do: 'supervise', agent: vera, call: call().id, mode: 'monitor' }), {
    refusal: 'no such conversation',
  })
  await soon(() => stage.channel(agentLegOf(offer)) === undefined)
  t.equal(stage.asterisk.bridges.size, 1, 'no bridge aside is left over')
  stage.asterisk.hangUp(leg)
  await server().over('c1')
  await soon(() => stage.asterisk.channels.size === 0 && stage.asterisk.bridges.size === 0)
  t.equal(dialled.length, 1)
})

void t.test('an interpreter joins at once; a supervisor ends what is left without an agent', async (t) => {
  const { stage, offer, perform, hear, call, rung, server } = await outsideStage(t)
  await perform({ do: 'consult', agent: ana, to, joins: true })
  const leg = await rung()
  stage.asterisk.answer(leg)
  await hear(['c1', offer, leg])
  t.match(await perform({ do: 'hangUp', agent: ana }), { ok: true })
  await hear(['c1', leg])
  t.match(await perform({ do: 'endCall', agent: vera, call: call().id }), { ok: true })
  await server().over('c1')
  await soon(() => stage.asterisk.channels.size === 0 && stage.asterisk.bridges.size === 0)
})

void t.test('a supervisor who has joined stays with the caller and the party, and may leave', async (t) => {
  const { stage, offer, perform, hear, call, rung, answers, taken } = await outsideStage(t)
  await perform({ do: 'consult', agent: ana, to, joins: true })
  const leg = await rung()
  stage.asterisk.answer(leg)
  await hear(['c1', offer, leg])
  const { id } = call()
  await perform({ do: 'supervise', agent: vera, call: id, mode: 'barge' })
  const veras = await answers(vera)
  await hear(['c1', offer, leg, veras])
  await perform({ do: 'hangUp', agent: ana })
  await hear(['c1', leg, veras])
  t.match(call(), { phase: 'transferred', supervisions: [{ mode: 'barge' }] })
  for (const command of [
    { do: 'takeOver', agent: vera },
    { do: 'supervise', agent: vera, call: id, mode: 'monitor' },
  ] as const)
    t.match(await perform(command), { refusal: 'no such conversation' })
  const { desk } = (await taken()).owner
  await hear(['c1', leg, veras])
  t.match(await desk.perform({ do: 'stopSupervising', agent: vera }), { ok: true })
  await hear(['c1', leg])
  t.match(call(), { phase: 'transferred', supervisions: [] })
})

void t.test('all three are not joined from the desk while the phone has the caller on hold', async (t) => {
  const { stage, offer, perform, hear, call, rung } = await outsideStage(t)
  stage.asterisk.emit({ type: 'LegHeld', channel: agentLegOf(offer), held: true })
  await soon(() => call().phase === 'held')
  await perform({ do: 'consult', agent: ana, to, joins: true })
  const leg = await rung()
  stage.asterisk.answer(leg)
  await hear([offer, leg])
  t.match(await perform({ do: 'joinConsult', agent: ana }), { refusal: 'held at the phone' })
})

void t.test('a contact who is engaged gives the caller back to the sender', async (t) => {
  const { stage, perform, call, rung } = await outsideStage(t)
  t.match(await perform({ do: 'transfer', agent: ana, to }), { ok: true })
  t.match(call(), { phase: 'transferring', transfer: { state: 'under way' } })
  stage.asterisk.hangUp(await rung(), 'busy')
  await soon(() => call().phase === 'ringing')
  t.match(call(), { offer: { agent: ana }, transfer: { state: 'failed' } })
})

void t.test('what cannot be dialled is refused', async (t) => {
  const { perform, call, offer } = await outsideStage(t)
  const transfer = (contact: ContactId) => perform({ do: 'transfer', agent: ana, to: { contact } })
  const consult = (contact: ContactId) =>
    perform({ do: 'consult', agent: ana, to: { contact }, joins: false })
  for (const command of [transfer, consult]) {
    t.match(await command(ContactId('nobody')), { refusal: 'unknown contact' })
    t.match(await command(premium.id), { refusal: 'a premium number' })
    t.match(await command(line.id), { refusal: 'our own number' })
  }
  t.match(call(), { phase: 'talking', offer: { id: offer }, consult: null })
  for (let dials = 0; dials < bounds.contactDialsPerHour; dials += 1) {
    t.match(await consult(registry.id), { ok: true })
    await perform({ do: 'cancelConsult', agent: ana })
  }
  for (const command of [transfer, consult])
    t.match(await command(registry.id), { refusal: 'too many calls' })
})
