/**
 * The far end of the demo's trunk: citizens whom agents call, who answer, are engaged or do not answer, and the contacts of the
 * demo, who answer.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Deck } from '../deck.ts'
import type { Ring } from '../phone/call.ts'
import { openPhone, type DeskPhone } from '../phone/desk-phone.ts'
import { farEnd } from '../phone/far-end.ts'
import { userOf } from '../phone/message.ts'
import type { Random } from '../random.ts'
import { demoContacts } from '../seed/contacts.ts'
import { calledSays, contactSays, contactsVoice, type CallerProfile } from './caller-profiles.ts'
import type { Address } from './exchange.ts'
import { speak } from './speech.ts'

export interface CalledCitizensOptions {
  /** The provider's address, to which the city's calls go. */
  readonly host: string
  readonly server: Address
  readonly chance: Random
  readonly speechFolder: string
  personOf(number: string): CallerProfile
  trouble(sentence: string): void
}

/** Their provider gives up then. */
const unansweredMs = 25_000
const fates = { answers: 5, engaged: 1, 'does not answer': 1 } as const

export class CalledCitizens {
  /** How many citizens’ phones rang. */
  rang = 0
  readonly #options: CalledCitizensOptions
  readonly #fates: Deck<keyof typeof fates>
  #phone: DeskPhone | null = null

  constructor(options: CalledCitizensOptions) {
    this.#options = options
    this.#fates = new Deck(fates, options.chance)
  }

  /** @throws when another program has the provider's address. */
  async open(): Promise<void> {
    const { host, server, trouble } = this.#options
    this.#phone = await openPhone({
      ...farEnd(host, server),
      onRing: (ring) => void this.#receive(ring).catch((error: unknown) => trouble(String(error))),
    }).catch((error: unknown) => {
      throw new Error(`Citizens cannot be called, because ${host} cannot be used: ${String(error)}`, {
        cause: error,
      })
    })
  }

  /** All of them hang up. */
  async close(): Promise<void> {
    await this.#phone?.close()
  }

  async #receive(ring: Ring): Promise<void> {
    const { chance, personOf, speechFolder } = this.#options
    const number = userOf(ring.header('to')) ?? ''
    const contact = demoContacts.find((one) => one.number === number)
    if (contact !== undefined) {
      const speech = await speak(contactSays(contact.name), contactsVoice, speechFolder)
      return this.#answer(ring, speech)
    }
    this.rang += 1
    const fate = this.#fates.next()
    if (fate === 'does not answer') {
      await delay(unansweredMs)
      return ring.refuse(480)
    }
    if (fate === 'engaged') return ring.refuse(486)
    const speech = await speak(chance.pick(calledSays), personOf(number).voice, speechFolder)
    await this.#answer(ring, speech)
  }

  /** After some seconds; some hang up before the agent does. */
  async #answer(ring: Ring, speech: Buffer): Promise<void> {
    const { chance } = this.#options
    await delay(chance.between(2_500, 7_000))
    // The agent may have given up: answering throws then.
    const talk = await ring.answer(speech).catch(() => null)
    if (talk === null) return
    await Promise.race([talk.ended, delay(chance.between(15_000, 50_000))])
    talk.hangUp()
  }
}
