/** The fallback queue in Asterisk, which serves callers while the application cannot. */
import type { Device } from '../../core/offer.ts'
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { textIn } from '../ami/fields.ts'
import { canHavePhone, endpointOf } from '../config/phones-file.ts'

const queue = 'linia-fallback'

export interface FallbackMember {
  readonly username: string
  readonly device: Device
}

type Ami = Pick<AmiConnection, 'action' | 'list'>

/** How long Asterisk may still list a caller in the queue who is on the way out of it: far more than it needs. */
const leavingMs = 2_000

export class FallbackQueue {
  readonly #ami: Ami
  readonly #monotonic: () => number
  /** Callers who were fetched, and when. Fetched twice, one would be taken out of the application again. */
  readonly #leaving = new Map<string, number>()

  /** `monotonic`: in milliseconds. */
  constructor(ami: Ami, monotonic: () => number) {
    this.#ami = ami
    this.#monotonic = monotonic
  }

  /** Sets the members: these phones and no others. */
  async setMembers(members: readonly FallbackMember[]): Promise<void> {
    const wanted = new Map(
      members
        .filter(({ username }) => canHavePhone(username))
        .map(({ username, device }) => [`PJSIP/${endpointOf(username, device)}`, username]),
    )
    const present = new Set(await interfacesOf(this.#ami))
    const removals = [...present].filter((name) => !wanted.has(name)).map((name) => remove(this.#ami, name))
    const additions = [...wanted]
      .filter(([name]) => !present.has(name))
      .map(([name, user]) => add(this.#ami, name, user))
    await Promise.all([...removals, ...additions])
  }

  /**
   * Returns the waiting callers to the application, after removing the members, so that no phone rings for both.
   * Without waiting callers the members stay: removing them would be hundreds of useless actions during a takeover.
   */
  async takeOver(): Promise<number> {
    if ((await waitingIn(this.#ami)).length === 0) return 0
    await this.setMembers([])
    return this.retakeWaiting()
  }

  /** Returns the waiting callers to the application and leaves the members. */
  async retakeWaiting(): Promise<number> {
    let taken = 0
    for (const channel of await waitingIn(this.#ami)) if (await this.retake(channel)) taken += 1
    return taken
  }

  /** Returns one caller to the application; false when the channel is gone, or on its way already. */
  async retake(channel: string): Promise<boolean> {
    const now = this.#monotonic()
    for (const [one, since] of this.#leaving) if (now - since >= leavingMs) this.#leaving.delete(one)
    if (this.#leaving.has(channel)) return false
    this.#leaving.set(channel, now)
    try {
      await this.#ami.action({
        action: 'Redirect',
        channel,
        context: 'linia-retake',
        exten: 's',
        priority: '1',
      })
      return true
    } catch (error) {
      this.#leaving.delete(channel)
      if (error instanceof AmiRefusal) return false
      throw error
    }
  }

  /** A caller has entered the queue, perhaps once more. */
  entered(channel: string): void {
    this.#leaving.delete(channel)
  }
}

/** In the order of the queue. */
async function waitingIn(ami: Ami): Promise<readonly string[]> {
  const status = await ami.list({ action: 'QueueStatus', queue })
  return status
    .filter((item) => textIn(item, 'event') === 'QueueEntry')
    .sort((a, b) => Number(textIn(a, 'position')) - Number(textIn(b, 'position')))
    .map((item) => textIn(item, 'channel'))
}

async function interfacesOf(ami: Ami): Promise<readonly string[]> {
  const status = await ami.list({ action: 'QueueStatus', queue })
  return status
    .filter((item) => textIn(item, 'event') === 'QueueMember')
    .map((item) => textIn(item, 'location') || textIn(item, 'stateinterface'))
}

const add = (ami: Ami, name: string, username: string) =>
  tolerated(
    ami.action({ action: 'QueueAdd', queue, interface: name, membername: username, stateinterface: name }),
  )
const remove = (ami: Ami, name: string) =>
  tolerated(ami.action({ action: 'QueueRemove', queue, interface: name }))

/** A refusal means that the member is there, or gone, already. */
async function tolerated(action: Promise<unknown>): Promise<void> {
  try {
    await action
  } catch (error) {
    if (!(error instanceof AmiRefusal)) throw error
  }
}
