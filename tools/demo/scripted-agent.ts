/**
 * A scripted agent: answers callers and colleagues who ask, talks, fills in the wrap-up form, calls citizens back, takes
 * breaks.
 */
import { AgentId, ContactId, QueueId } from '../../src/core/ids.ts'
import type { WrapUpCodes, WrapUpForm } from '../../src/http/calls/wire.ts'
import type { ContactList } from '../../src/http/contacts/wire.ts'
import type { LiveCallView } from '../../src/http/live/wire.ts'
import type { TransferCall, TransferTargets } from '../../src/http/transfer/wire.ts'
import { unlessRefused } from './api.ts'
import { callBack, told, type CalledBack } from './call-back.ts'
import type { CallerProfile } from './calls/caller-profiles.ts'
import { consult, type Consultation } from './consultation.ts'
import type { Deck } from './deck.ts'
import type { Ring, Talk } from './phone/call.ts'
import { ScriptedAccount, type ScriptedAccountOptions } from './scripted-account.ts'
import type { Turn } from './turns.ts'

export interface ScriptedAgentOptions extends ScriptedAccountOptions {
  readonly turns: Deck<Turn>
  /** The caller with this number. */
  personOf(caller: string | null): CallerProfile
}

/** Longer than a colleague's question takes; whoever has forgotten us is left then. */
const adviseMs = 60_000
const helpedMs = 30_000
/** How long the live feed may take to show the wrap-up after the talk. */
const wrapUpShownMs = 3_000
/** Longer than a citizen's phone rings. */
const reachedMs = 60_000
const shortBreaks = ['break', 'paperwork', 'meal'] as const

export class ScriptedAgent {
  readonly #options: ScriptedAgentOptions
  readonly #account: ScriptedAccount
  /** Missed calls that were called back. */
  readonly #returned = new Set<string>()
  /** Those that the city has. */
  #codes: ReadonlySet<string> = new Set()
  /** Of the last call-back. */
  #calledBack: CalledBack | null = null

  constructor(options: ScriptedAgentOptions) {
    this.#options = options
    this.#account = new ScriptedAccount(options)
  }

  /** Resolves once the agent is ready for calls. */
  async start(): Promise<void> {
    await this.#account.start((ring) => this.#serve(ring))
    const { items } = await this.#account.api.get<WrapUpCodes>('/api/wrap-up-codes')
    this.#codes = new Set(items.map(({ id }) => id))
    await this.#account.api.setState({ state: 'ready' })
  }

  /** Signs out and closes the phone, which ends a call in progress. Idempotent. */
  stop(): Promise<void> {
    return this.#account.stop()
  }

  async #serve(ring: Ring): Promise<void> {
    const { voice, view, personOf } = this.#options
    const picksUpItself = ring.header('call-info').includes('answer-after=0')
    if (!picksUpItself) await this.#account.pause(1200, 4000)
    // The caller may have gone: answering throws then, and the next call rings soon.
    const talk = await ring.answer(voice).catch(() => null)
    if (talk === null) return
    await view.until(() => this.#ourCall() !== undefined, 5000)
    const call = this.#ourCall()
    if (call === undefined) return void talk.hangUp()
    const { id: callId } = call
    if (call.placedBy?.id === this.#account.id) return this.#speakToCalled(talk, call)
    const person = personOf(ring.caller)
    if (this.#isAsked(callId)) {
      if (await this.#advise(talk, callId)) await this.#fillInWrapUp(callId, person)
      return this.#goOn()
    }
    const turn = await this.#converse(talk, callId)
    await this.#fillInWrapUp(callId, person)
    if (turn !== 'call-back') return this.#goOn()
    const { api } = this.#account
    // The phone may ring before the answer to the command is here.
    this.#calledBack = null
    this.#calledBack = await callBack({ api, callId, person, returned: this.#returned })
    if (this.#calledBack !== null) return
    this.#options.turns.putBack(turn)
    await this.#goOn()
  }

  async #converse(talk: Talk, callId: string): Promise<Turn> {
    const { turns } = this.#options
    const turn = turns.next()
    if (turn === 'plain' || turn === 'call-back') {
      await this.#talkOn(talk, 14_000, 45_000)
      talk.hangUp()
      return turn
    }
    if (turn === 'transfer' || turn === 'department') {
      await this.#talkOn(talk, 14_000, 45_000)
      if (!(await this.#sendOn(turn))) talk.hangUp()
      return turn
    }
    await this.#talkOn(talk, 4_000, 9_000)
    if (turn === 'help') await this.#askForHelp(talk, callId)
    else if (!(await this.#consult(callId, turn))) turns.putBack(turn)
    await this.#talkOn(talk, 6_000, 20_000)
    talk.hangUp()
    return turn
  }

  /** From the ringing tone on; a citizen who was not reached leaves a wrap-up without a form. */
  async #speakToCalled(talk: Talk, { id, caller }: LiveCallView): Promise<void> {
    const { view, personOf } = this.#options
    const isReached = () => view.calls.get(id)?.phase === 'talking'
    await Promise.race([talk.ended, view.until(isReached, reachedMs)])
    if (!isReached()) {
      talk.hangUp()
      await this.#account.pause(1_500, 4_000)
      return this.#endWrapUp()
    }
    await this.#talkOn(talk, 12_000, 30_000)
    const request = this.#calledBack?.request ?? null
    if (request !== null) await told(this.#account.api, request, id)
    talk.hangUp()
    await this.#fillInWrapUp(id, personOf(caller))
    await this.#goOn()
  }

  /** The colleague's part of a consultation, and the caller whom they may take over; true: they have a wrap-up then. */
  async #advise(talk: Talk, callId: string): Promise<boolean> {
    const { view } = this.#options
    const isOver = (): boolean => !this.#isAsked(callId)
    await Promise.race([talk.ended, view.until(isOver, adviseMs)])
    if (view.calls.get(callId)?.agent?.id === this.#account.id) await this.#talkOn(talk, 8_000, 25_000)
    talk.hangUp()
    return view.until(() => this.#isInWrapUp(callId), wrapUpShownMs)
  }

  /** The call of which this agent’s phone has a leg. */
  #ourCall(): LiveCallView | undefined {
    const isUs = (person: { readonly id: string } | null | undefined) => person?.id === this.#account.id
    return [...this.#options.view.calls.values()].find(
      ({ agent, consult: asked }) => isUs(agent) || isUs(asked?.with),
    )
  }

  #isAsked(callId: string): boolean {
    return this.#options.view.calls.get(callId)?.consult?.with.id === this.#account.id
  }

  #isInWrapUp(callId: string | null): boolean {
    const agent = this.#options.view.agents.get(this.#account.id)
    return agent?.state === 'wrap-up' && agent.callId === callId
  }

  #consult(callId: string, kind: Consultation): Promise<boolean> {
    const { view, chance } = this.#options
    const { api, id } = this.#account
    const pause = (fromMs: number, toMs: number) => this.#account.pause(fromMs, toMs)
    return consult({ api, view, chance, agentId: id, callId, pause }, kind)
  }

  /** Raises the hand until a supervisor has been in the call, or for a while. */
  async #askForHelp(talk: Talk, callId: string): Promise<void> {
    const { view } = this.#options
    const { api } = this.#account
    const helper = () => view.calls.get(callId)?.supervisions[0]?.since ?? null
    try {
      await api.act('ask-for-help')
      if (await Promise.race([talk.ended.then(() => false), view.until(() => helper() !== null, helpedMs)]))
        await Promise.race([talk.ended, view.until(() => helper() === null, helpedMs)])
      await api.act('no-help')
    } catch (error) {
      unlessRefused(error, 409)
    }
  }

  /** Sends the caller to those who can take them; false: there is none, or the caller has gone. */
  async #sendOn(turn: 'transfer' | 'department'): Promise<boolean> {
    const [first, ...more] = turn === 'transfer' ? await this.#freeTargets() : await this.#departments()
    if (first === undefined) return false
    try {
      await this.#account.api.transfer(this.#options.chance.pick([first, ...more]))
      return true
    } catch (error) {
      unlessRefused(error, 409)
      return false
    }
  }

  async #freeTargets(): Promise<TransferCall['to'][]> {
    const { queues, colleagues } = await this.#account.api.get<TransferTargets>('/api/me/transfer-targets')
    return [
      ...queues.filter(({ free }) => free > 0).map(({ id }) => ({ queue: QueueId(id) })),
      ...colleagues.filter(({ free }) => free).map(({ id }) => ({ agent: AgentId(id) })),
    ]
  }

  async #departments(): Promise<TransferCall['to'][]> {
    const { items } = await this.#account.api.get<ContactList>('/api/contacts')
    return items.filter(({ language }) => language === null).map(({ id }) => ({ contact: ContactId(id) }))
  }

  async #fillInWrapUp(callId: string, { concern }: CallerProfile): Promise<void> {
    const { chance } = this.#options
    await this.#account.pause(1500, 5000)
    const idle = concern.idle ?? null
    const form: WrapUpForm = {
      subject: concern.subject,
      code: concern.code !== undefined && this.#codes.has(concern.code) ? concern.code : null,
      // One in ten leaves it unstated.
      motivated: chance.happens(0.1) ? 'unstated' : idle === null ? 'yes' : 'no',
      reason: idle,
      resolution: concern.resolution,
    }
    await this.#account.api.wrapUp(callId, form.motivated === 'unstated' ? { ...form, reason: null } : form)
  }

  /** To the next call, or to a break. */
  async #goOn(): Promise<void> {
    const { chance } = this.#options
    if (chance.happens(0.5)) await this.#endWrapUp()
    if (!chance.happens(0.12)) return
    const { api } = this.#account
    await api.setState({ state: 'paused', reason: chance.pick(shortBreaks) })
    await this.#account.pause(15_000, 40_000)
    await api.setState({ state: 'ready' })
  }

  async #endWrapUp(): Promise<void> {
    // It may have ended by itself meanwhile.
    await this.#account.api.act('end-wrap-up').catch((error: unknown) => unlessRefused(error, 409))
  }

  /** Until the talk ends, but not longer. */
  async #talkOn(talk: Talk, fromMs: number, toMs: number): Promise<void> {
    await Promise.race([talk.ended, this.#account.pause(fromMs, toMs)])
  }
}
