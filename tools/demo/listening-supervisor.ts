/** A supervisor with a desk phone, who listens to a conversation now and then, and whispers to agents who ask for help. */
import type { SupervisionMode } from '../../src/core/call.ts'
import type { LiveCallView } from '../../src/http/live/wire.ts'
import { unlessRefused } from './api.ts'
import type { Ring } from './phone/call.ts'
import { ScriptedAccount, type ScriptedAccountOptions } from './scripted-account.ts'

export const supervisorSays = [
  'Te ajut eu. Spune-i că răspunsul vine în treizeci de zile.',
  'E bine cum ai spus. Întreabă și numărul cererii.',
] as const

const answersWithinMs = 10_000
const shareOfWhispers = 0.4
/** The conversation has ended, or the supervisor is in it no more. */
const overStatuses = [404, 409] as const

export class ListeningSupervisor {
  readonly #options: ScriptedAccountOptions
  readonly #account: ScriptedAccount

  constructor(options: ScriptedAccountOptions) {
    this.#options = options
    this.#account = new ScriptedAccount(options)
  }

  /** Resolves once the phone is reachable; the rest goes on in the background. */
  async start(): Promise<void> {
    await this.#account.start((ring) => this.#answer(ring))
    this.#account.inBackground(this.#keepListening())
  }

  /** Leaves the conversation and closes the phone. Idempotent. */
  stop(): Promise<void> {
    return this.#account.stop()
  }

  async #answer(ring: Ring): Promise<void> {
    await this.#account.pause(500, 1_500)
    // Refused or cancelled meanwhile: there is nothing to hear.
    await ring.answer(this.#options.voice).catch(() => undefined)
  }

  async #keepListening(): Promise<void> {
    const account = this.#account
    const { view, chance } = this.#options
    while (!account.hasLeft) {
      await view.until(
        () => account.hasLeft || this.#whoAsksForHelp() !== null,
        chance.between(8_000, 20_000),
      )
      const call = this.#whoAsksForHelp() ?? this.#anyTalking()
      // The server may restart: the next conversation is heard again.
      if (call !== null && !account.hasLeft)
        await this.#listen(call).catch((error: unknown) => account.tell(error))
      await account.pause(2_000, 5_000)
    }
  }

  #whoAsksForHelp(): LiveCallView | null {
    return this.#unsupervised().find(({ helpSince }) => helpSince !== null) ?? null
  }

  #anyTalking(): LiveCallView | null {
    const [first, ...more] = this.#unsupervised()
    return first === undefined ? null : this.#options.chance.pick([first, ...more])
  }

  #unsupervised(): LiveCallView[] {
    return [...this.#options.view.calls.values()].filter(
      ({ phase, supervisions }) => phase === 'talking' && supervisions.length === 0,
    )
  }

  async #listen({ id, helpSince }: LiveCallView): Promise<void> {
    const { view, chance } = this.#options
    const { api } = this.#account
    const path = `/api/calls/${encodeURIComponent(id)}/supervision`
    const supervise = (mode: SupervisionMode) => api.ask('POST', path, { mode })
    const mine = () => view.calls.get(id)?.supervisions.find((one) => one.id === this.#account.id)
    const isOver = () => mine() === undefined
    try {
      await supervise('monitor')
      if (!(await view.until(() => mine()?.since != null, answersWithinMs))) return
      await this.#orOver(isOver, 5_000, 15_000)
      if (!isOver() && (helpSince !== null || chance.happens(shareOfWhispers))) {
        await supervise('whisper')
        await this.#orOver(isOver, 5_000, 15_000)
      }
    } catch (error) {
      unlessRefused(error, ...overStatuses)
    } finally {
      await api.ask('DELETE', path).catch((error: unknown) => unlessRefused(error, ...overStatuses))
    }
  }

  async #orOver(isOver: () => boolean, fromMs: number, toMs: number): Promise<void> {
    const { view, chance } = this.#options
    await view.until(() => this.#account.hasLeft || isOver(), chance.between(fromMs, toMs))
  }
}
