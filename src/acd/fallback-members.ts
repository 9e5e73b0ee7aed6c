/** The fallback queue rings whoever is at work now, should we be gone. */
import { reachableDevice } from '../core/agent.ts'
import type { Device } from '../core/offer.ts'
import type { AcdState } from './acd-state.ts'
import type { Directory, Pbx } from './ports.ts'

export class FallbackMembers {
  readonly #pbx: Pbx
  readonly #acdState: AcdState
  readonly #directory: Directory
  #told = ''
  #telling: Promise<void> | null = null

  constructor(pbx: Pbx, acdState: AcdState, directory: Directory) {
    this.#pbx = pbx
    this.#acdState = acdState
    this.#directory = directory
  }

  /** Takes the queue's waiting callers back, and answers how many; it may have no members afterwards. */
  async takeBack(): Promise<number> {
    // What was being told would come after.
    await this.#telling?.catch(() => undefined)
    this.#told = ''
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
      const agent = this.#acdState.agent(id)?.value
      if (agent === undefined || agent.state === 'signed out' || agent.state === 'paused') return []
      const device = reachableDevice(agent.phones)
      return device === null ? [] : [{ username, device }]
    })
  }
}
