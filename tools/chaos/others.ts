/**
 * Two of the talking callers are not alone with their agent: one has a consulted colleague in the room, one a supervisor who
 * listens. Each party has a tone of its own, and what they hear is mixed, so that every voice must be found in it.
 */
import { Api } from '../demo/api.ts'
import { LiveView } from '../demo/live-view.ts'
import { AgentId } from '../../src/core/ids.ts'
import { until } from '../../test/support/until.ts'
import type { Caller, Talk } from './traffic.ts'
import type { Testbed } from './testbed.ts'

export interface Others {
  /** The caller with an agent and a colleague. */
  readonly conference: Caller
  /** The caller whose agent a supervisor hears. */
  readonly supervised: Caller
  readonly voices: readonly Voice[]
}

/** A voice that a party should hear. */
interface Voice {
  readonly of: string
  readonly hertz: number
  readonly by: string
  /** The media endpoint of the party that hears. */
  readonly leg: number
}

/** Of the caller, the agent, and whoever is beside them; multiples of 50 Hz (`media-process.ts`). */
const tones = { caller: 600, agent: 1000, other: 1400 } as const
const joinWithinMs = 15_000
const knownWithinMs = 10_000
/** A command to hang up is a datagram, which may be lost. */
const leavesWithinMs = 3_000
const leaveTries = 3
/** Each has been heard just now. */
const soonMs = 100
/** As for waiting callers: a longer silence is taken for the end. */
const silentMaxMs = 1_000

/** The colleague joins the last but one of the talking callers, the supervisor hears the last. Nobody may wait. */
export async function bringOthers(testbed: Testbed): Promise<Others | null> {
  const { linia, traffic } = testbed
  const [conference, supervised] = traffic.talking().slice(-2)
  if (testbed.others === null || conference === undefined || supervised === undefined) return null
  const { colleague, supervisor } = testbed.others
  const others = { conference, supervised, voices: giveTones(testbed, conference, supervised) }

  const beside = new Api(linia.url)
  const { id } = await beside.signIn(linia.account(colleague))
  await accepted(() => beside.setState({ state: 'ready' }))
  const serving = new Api(linia.url)
  await serving.signIn(linia.account(agentOf(conference)))
  await serving.consult({ agent: AgentId(id) })
  // Accepted once the colleague has answered.
  await accepted(() => serving.act('join-consult'))
  // No caller is offered to the colleague after this.
  await beside.setState({ state: 'paused', reason: 'technical' })

  await atBoard(testbed, supervisor, async (view, api) => {
    // A standby node, which may be the one that is asked, follows the owner.
    await view.until(() => callOf(view, supervised)?.phase === 'talking', knownWithinMs)
    const call = callOf(view, supervised)?.id ?? ''
    await api.ask('POST', `/api/calls/${encodeURIComponent(call)}/supervision`, { mode: 'monitor' })
  })
  await until(async () => (await othersSound(testbed, others, soonMs)).unheard.length === 0, joinWithinMs)
  return others
}

function giveTones({ traffic, media, others }: Testbed, conference: Caller, supervised: Caller): Voice[] {
  const { caller, agent, other } = tones
  const colleagueLeg = traffic.legOf(others?.colleague ?? '')
  const supervisorLeg = traffic.legOf(others?.supervisor ?? '')
  const three = [
    { who: 'caller', hertz: caller, leg: conference.leg },
    { who: 'agent', hertz: agent, leg: traffic.legOf(agentOf(conference)) },
    { who: 'colleague', hertz: other, leg: colleagueLeg },
  ]
  // These two go on hearing each other unmixed.
  const two = [
    { who: 'caller', hertz: caller, leg: supervised.leg },
    { who: 'agent', hertz: agent, leg: traffic.legOf(agentOf(supervised)) },
  ]
  const voices = [
    ...three.flatMap((by) =>
      three.filter((of) => of !== by).map((of) => ({ of: of.who, hertz: of.hertz, by: by.who, leg: by.leg })),
    ),
    ...two.map((of) => ({ of: of.who, hertz: of.hertz, by: 'supervisor', leg: supervisorLeg })),
  ]
  for (const { hertz, leg } of [...three, ...two, { hertz: other, leg: supervisorLeg }])
    media.setTones(leg, {
      speaks: hertz,
      hears: voices.filter((voice) => voice.leg === leg).map((voice) => voice.hertz),
    })
  return voices
}

/** What they have heard since `measure`. */
export async function othersSound({ media }: Testbed, { voices }: Others, silentFromMs = silentMaxMs) {
  const figures = await media.figures()
  const heard = voices.map((voice) => ({ ...voice, ...figures.get(voice.leg)?.tones.get(voice.hertz) }))
  return {
    gapMs: Math.max(0, ...heard.flatMap(({ gapMs = 0, silentMs = 0 }) => [gapMs, silentMs])),
    unheard: heard
      .filter(({ silentMs = Infinity }) => silentMs > silentFromMs)
      .map(({ of, by }) => `the ${by} does not hear the ${of}`),
  }
}

/** Sentences about what the node that owns the line now does not know of them; empty when it knows all. */
export async function othersUnknown(testbed: Testbed, others: Others): Promise<readonly string[]> {
  const { colleague, supervisor } = testbed.others ?? { colleague: '', supervisor: '' }
  const nameOf = (username: string) => testbed.linia.account(username).name
  return atBoard(testbed, supervisor, async (view) => {
    const consult = () => callOf(view, others.conference)?.consult
    const isInRoom = () => consult()?.seat === 'room' && consult()?.with.name === nameOf(colleague)
    const isListening = () =>
      callOf(view, others.supervised)?.supervisions.some(
        ({ name, mode, since }) => name === nameOf(supervisor) && mode === 'monitor' && since !== null,
      ) === true
    await view.until(() => isInRoom() && isListening(), knownWithinMs)
    return [
      ...(isInRoom() ? [] : ['the state does not have the colleague in the room']),
      ...(isListening() ? [] : ['the state does not have the supervisor who listens']),
    ]
  })
}

/** They hang up, and the agents serve their callers alone. Returns sentences about those who stayed. */
export async function sendOthersAway(
  { traffic, media }: Testbed,
  { conference, supervised, voices }: Others,
): Promise<readonly string[]> {
  const stay = () => [conference, supervised].flatMap((caller) => caller.others).filter(isUp)
  for (let tries = 0; tries < leaveTries && stay().length > 0; tries += 1) {
    for (const talk of stay()) traffic.leave(talk)
    await until(() => stay().length === 0, leavesWithinMs).catch(() => undefined)
  }
  const legs = [...voices.map(({ leg }) => leg), supervised.leg, traffic.legOf(agentOf(supervised))]
  for (const leg of new Set(legs)) media.setTones(leg, { speaks: null, hears: [] })
  return stay().map(({ agent }) => `${agent} is still in the call`)
}

const isUp = ({ talkingAt, endedAt }: Talk): boolean => talkingAt !== null && endedAt === null

/** The agent who serves the caller now. */
const agentOf = ({ talks }: Caller): string => talks.findLast(isUp)?.agent ?? ''

const callOf = (view: LiveView, { number }: Caller) =>
  [...view.calls.values()].find(({ caller }) => caller?.endsWith(number) === true)

/** Repeats a command until it is accepted: what it is about reaches the server a moment later. */
const accepted = (command: () => Promise<void>): Promise<void> =>
  until(
    () =>
      command().then(
        () => true,
        () => false,
      ),
    joinWithinMs,
  )

async function atBoard<Result>(
  { linia }: Testbed,
  supervisor: string,
  use: (view: LiveView, api: Api) => Promise<Result>,
): Promise<Result> {
  const api = new Api(linia.url)
  await accepted(async () => void (await api.signIn(linia.account(supervisor))))
  const view = new LiveView()
  await view.follow(api)
  try {
    return await use(view, api)
  } finally {
    await view.stop()
  }
}
