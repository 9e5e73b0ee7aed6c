/** Keeps the members of the fallback queue equal to the agents at work, so that it rings them when no node serves. */
import { reachableDevice } from '../core/agent.ts'
import type { Device } from '../core/offer.ts'
import type { AcdState } from './acd-state.ts'
import type { Directory, Pbx } from './ports.ts'

export class FallbackMembers {
  readonly #pbx: Pbx
  readonly #acdState: AcdState
  readonly #directory: Directory
  #sent = ''
  #sending: Promise<void> | null = null

  constructor(pbx: Pbx, acdState: AcdState, directory: Directory) {
    this.#pbx = pbx
    this.#acdState = acdState
    this.#directory = directory
  }

  /** Takes the queue's waiting callers back and answers how many; the queue may have no members afterwards. */
  async takeBack(): Promise<number> {
    // An update under way would add the members again.
    await this.#sending?.catch(() => undefined)
    this.#sent = ''
    return this.#pbx.takeOverFallback()
  }

  /** Updates the PBX if an agent came or went; a failed update is repeated by the next call. */
  async update(): Promise<void> {
    // One update at a time, or an older list could arrive last.
    if (this.#sending !== null) return
    const members = this.#atWork()
    const text = JSON.stringify(members)
    if (text === this.#sent) return
    this.#sent = text
    this.#sending = this.#pbx.setFallbackMembers(members)
    try {
      await this.#sending
    } catch (error) {
      this.#sent = ''
      throw error
    } finally {
      this.#sending = null
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
