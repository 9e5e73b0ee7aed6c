/** Keypad tones of one call (RFC 4733), one after another. */

export const tones = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const
export type Tone = (typeof tones)[number]

export const isTone = (key: string): key is Tone => (tones as readonly string[]).includes(key)

/** The used part of an `RTCDTMFSender`. */
export type ToneSender = Pick<
  RTCDTMFSender,
  'canInsertDTMF' | 'insertDTMF' | 'addEventListener' | 'removeEventListener'
>

interface Waiting {
  readonly tone: Tone
  readonly sent: () => void
}

export class ToneQueue {
  readonly #sender: ToneSender
  #waiting: Waiting[] = []
  #sending: Waiting | null = null

  constructor(sender: ToneSender) {
    this.#sender = sender
    sender.addEventListener('tonechange', this.#onChange)
  }

  /** `sent`: called when the tone goes out. False: the other side takes no tones. */
  send(tone: Tone, sent: () => void): boolean {
    if (!this.#sender.canInsertDTMF) return false
    this.#waiting.push({ tone, sent })
    if (this.#sending === null) this.#next()
    return true
  }

  /** Drops the tones that have not begun. */
  clear(): void {
    this.#waiting = []
  }

  close(): void {
    this.clear()
    this.#sender.removeEventListener('tonechange', this.#onChange)
  }

  // The sender's own buffer cannot be added to without cutting its gaps, so it never holds more than one tone.
  #next(): void {
    this.#sending = this.#waiting.shift() ?? null
    if (this.#sending !== null) this.#sender.insertDTMF(this.#sending.tone)
  }

  /** A tone begins, or (an empty one) tone and gap are over. */
  readonly #onChange = ({ tone }: Pick<RTCDTMFToneChangeEvent, 'tone'>): void => {
    if (tone === '') this.#next()
    else this.#sending?.sent()
  }
}
