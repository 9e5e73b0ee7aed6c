/** The fallback queue rings whoever is at work now, should we be gone. */
import { reachableDevice } from '../core/agent.ts'
import type { CallId } from '../core/ids.ts'
import type { Device } from '../core/offer.ts'
import type { Mirror } from './mirror.ts'
import type { Directory, Pbx } from './ports.ts'

export class FallbackMembers {
  readonly #pbx: Pbx
  readonly #mirror: Mirror
  readonly #directory: Directory
  readonly #isBroken: (call: CallId) => boolean
  /** Who was there when the queue was last asked: of whom it kept, somebody there takes care. */
  #askedBack: ReadonlySet<CallId> = new Set()
  #told = ''
  #telling: Promise<void> | null = null

  /** `isBroken`: whom we have given to the fallback for good. */
  constructor(pbx: Pbx, mirror: Mirror, directory: Directory, isBroken: (call: CallId) => boolean) {
    this.#pbx = pbx
    this.#mirror = mirror
    this.#directory = directory
    this.#isBroken = isBroken
  }

  /** Whether somebody was taken there from us, though we serve, and was not asked back yet. */
  missSomebody(): boolean {
    const there = this.#mirror.shelved()
    // Who has come back may be taken anew.
    this.#askedBack = new Set(there.filter((call) => this.#askedBack.has(call)))
    return there.some((call) => !this.#askedBack.has(call) && !this.#isBroken(call))
  }

  /** Takes the queue's waiting callers back, and answers how many; it may have no members afterwards. */
  async takeBack(): Promise<number> {
    // What was being told would come after.
    await this.#telling?.catch(() => undefined)
    this.#told = ''
    this.#askedBack = new Set(this.#mirror.shelved())
    return this.#pbx.takeOverFallback()
  }

  /** Tells the PBX if somebody came or went; what it did not take is told again the next time. */
  async tell(): Promise<void> {
    // One list after the other, or the older could have the last word.
    if (this.#telling !== null) return
    const members = this.#atWork()
    const text = JSON.stringify(members)
    if (text === this.#told) return
    this.#told = text
    this.#telling = this.#pbx.setFallbackMembers(members)
    try {
      await this.#telling
    } catch (error) {
      this.#told = ''
      throw error
    } finally {
      this.#telling = null
    }
  }

  #atWork(): readonly { readonly username: string; readonly device: Device }[] {
    return this.#directory.agents().flatMap(({ id, username }) => {
      const agent = this.#mirror.agent(id)?.value
      if (agent === undefined || agent.state === 'signed out' || agent.state === 'paused') return []
      const device = reachableDevice(agent.phones)
      return device === null ? [] : [{ username, device }]
    })
  }
}
