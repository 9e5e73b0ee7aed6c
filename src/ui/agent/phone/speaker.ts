/** The element that plays the remote side. Browsers may block sound until a key or button is pressed. */

export class Speaker {
  readonly #element: HTMLAudioElement
  readonly #onBlocked: (blocked: boolean) => void

  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked
    this.#element = document.createElement('audio')
    this.#element.autoplay = true
    // For tests that measure the incoming sound; `srcObject` is the caller's stream.
    this.#element.dataset['phone'] = 'speaker'
    document.body.append(this.#element)
  }

  play(stream: MediaStream, audible: boolean): void {
    this.#element.srcObject = stream
    this.#element.muted = !audible
    this.#try()
  }

  silence(): void {
    this.#element.srcObject = null
    this.#onBlocked(false)
  }

  /** Removes the element together with the phone. */
  remove(): void {
    this.#element.srcObject = null
    this.#element.remove()
  }

  #try(): void {
    this.#element.play().then(
      () => this.#onBlocked(false),
      (error: unknown) => {
        // A newer stream replaced this one; playback is not blocked.
        if (error instanceof DOMException && error.name === 'AbortError') return
        this.#onBlocked(true)
        const again = (): void => {
          window.removeEventListener('pointerdown', again, true)
          window.removeEventListener('keydown', again, true)
          if (this.#element.srcObject !== null) this.#try()
        }
        window.addEventListener('pointerdown', again, true)
        window.addEventListener('keydown', again, true)
      },
    )
  }
}
