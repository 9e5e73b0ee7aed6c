/** The fallback queue rings whoever is at work now, should we be gone. */
import { reachableDevice } from '../core/agent.ts'
import type { Device } from '../core/offer.ts'
import type { Mirror } from './mirror.ts'
import type { Directory, Pbx } from './ports.ts'

export class FallbackMembers {
  readonly #pbx: Pbx
  readonly #mirror: Mirror
  readonly #directory: Directory
  #told = ''

  constructor(pbx: Pbx, mirror: Mirror, directory: Directory) {
    this.#pbx = pbx
    this.#mirror = mirror
    this.#directory = directory
  }

  /** The queue has been emptied: whatever was told counts no more. */
  forget(): void {
    this.#told = ''
  }

  /** Tells the PBX if somebody came or went; what it did not take is told again the next time. */
  async tell(): Promise<void> {
    const members = this.#atWork()
    const text = JSON.stringify(members)
    if (text === this.#told) return
    this.#told = text
    try {
      await this.#pbx.setFallbackMembers(members)
    } catch (error) {
      this.forget()
      throw error
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
