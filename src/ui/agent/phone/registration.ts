/** Keeps the phone registered: connects, registers, and starts over after any failure. */
import { Registerer, RegistererState, RequestPendingError, UserAgent, type UserAgentOptions } from 'sip.js'
import type { Registration as RegistrationState } from './phone-state.ts'

const registerSeconds = 60
/** Half of the expiry: a dead connection is noticed within half a minute. */
const renewAfterMs = 30_000
const retryFirstMs = 300
const retryMaxMs = 4_000
const failuresShown = 3
/**
 * A live connection answers within a fraction of this time. SIP itself would wait for 32 s: an overloaded
 * Asterisk drops a request silently, and a reliable transport never resends it.
 */
const responseWithinMs = 8_000
const checkWithinMs = 1_500

export class Registration {
  readonly agent: UserAgent
  readonly #onState: (state: RegistrationState) => void
  readonly #newPassword: () => Promise<string>
  #registerer: Registerer
  #retry: ReturnType<typeof setTimeout> | undefined
  #renewal: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  /** Runs while a REGISTER waits for its response. */
  #responseTimer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  /** `newPassword` asks the server: a password ends with a session of this account. */
  constructor(
    options: UserAgentOptions,
    onState: (state: RegistrationState) => void,
    newPassword: () => Promise<string>,
  ) {
    this.#onState = onState
    this.#newPassword = newPassword
    this.agent = new UserAgent(options)
    this.agent.delegate = {
      ...options.delegate,
      onConnect: () => this.#connected(),
      onDisconnect: () => this.#disconnected(),
    }
    this.#registerer = this.#newRegisterer()
  }

  async start(): Promise<void> {
    if (this.#stopped) return
    this.#onState('connecting')
    // Asterisk may not be up yet; a failed first attempt is retried.
    await this.agent.start().catch(() => this.#startOver())
  }

  /**
   * Checks with a REGISTER whether the connection still works. After a change of network it may look open for
   * minutes; one that does not answer is dropped.
   */
  verify(): void {
    if (this.#stopped || !this.agent.isConnected()) return
    if (this.#responseTimer === undefined) this.#register(checkWithinMs)
    else this.#startResponseTimer(checkWithinMs)
  }

  #connected(): void {
    if (!this.#stopped) return this.#register()
    // Stopped during the connection: a page that released its phone must not be rung. An error means that it is
    // closed already.
    this.agent.transport.disconnect().catch(() => undefined)
  }

  #disconnected(): void {
    // The registerer with a pending REGISTER would block for half a minute, so a new one takes its place.
    if (this.#responseTimer !== undefined) this.#registerer = this.#newRegisterer()
    this.#clearResponseTimer()
    this.#startOver()
  }

  /** Unregisters and disconnects. Calls are left to Asterisk: closing a page never hangs up on a citizen. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#retry)
    clearTimeout(this.#renewal)
    this.#clearResponseTimer()
    this.#onState('off')
    if (!this.agent.isConnected()) return
    // Errors mean that the connection is gone already.
    await this.#registerer.unregister().catch(() => undefined)
    await this.agent.transport.disconnect().catch(() => undefined)
  }

  #newRegisterer(): Registerer {
    const registerer = new Registerer(this.agent, { expires: registerSeconds })
    registerer.stateChange.addListener((state) => {
      if (registerer === this.#registerer && state === RegistererState.Unregistered) this.#startOver()
    })
    return registerer
  }

  #register(withinMs = responseWithinMs): void {
    const registerer = this.#registerer
    this.#startResponseTimer(withinMs)
    const requestDelegate = {
      onAccept: () => this.#accepted(),
      onReject: (response: { readonly message: { readonly statusCode?: number | undefined } }) => {
        // The response to an older registerer has no meaning for this connection.
        if (registerer === this.#registerer) this.#rejected(response.message.statusCode ?? 0)
      },
    }
    registerer.register({ requestDelegate }).catch((error: unknown) => {
      this.#clearResponseTimer()
      // The connection broke during a REGISTER: that registerer would block for half a minute.
      if (error instanceof RequestPendingError) this.#registerer = this.#newRegisterer()
      this.#startOver()
    })
  }

  #startResponseTimer(withinMs: number): void {
    clearTimeout(this.#responseTimer)
    this.#responseTimer = setTimeout(() => {
      this.#responseTimer = undefined
      // Its REGISTER will never be answered.
      this.#registerer = this.#newRegisterer()
      if (this.agent.isConnected()) this.#drop()
      else this.#startOver()
    }, withinMs)
  }

  #clearResponseTimer(): void {
    clearTimeout(this.#responseTimer)
    this.#responseTimer = undefined
  }

  #accepted(): void {
    if (this.#stopped) return
    this.#clearResponseTimer()
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#failures = 0
    clearTimeout(this.#renewal)
    // SIP.js's own renewal would wait for the full SIP timeout.
    this.#renewal = setTimeout(() => this.agent.isConnected() && this.#register(), renewAfterMs)
    this.#onState('registered')
  }

  #rejected(status: number): void {
    this.#clearResponseTimer()
    // No response on a socket that looks open (a laptop that slept, a changed network): drop it.
    if (status === 408 || status === 503) this.#drop()
    if (status === 401 || status === 403) void this.#renewPassword()
    else this.#startOver()
  }

  async #renewPassword(): Promise<void> {
    // Without an answer the old one is tried again; a page whose session has ended leaves for the sign-in.
    const password = await this.#newPassword().catch(() => null)
    if (password !== null) this.agent.configuration.authorizationPassword = password
    this.#startOver()
  }

  #drop(): void {
    this.agent.transport.disconnect().catch(() => this.#startOver())
  }

  #startOver(): void {
    if (this.#stopped || this.#retry !== undefined) return
    this.#failures += 1
    this.#onState(this.#failures > failuresShown ? 'failed' : 'connecting')
    const most = Math.min(retryMaxMs, retryFirstMs * 2 ** (this.#failures - 1))
    this.#retry = setTimeout(() => this.#retryNow(), most * (0.5 + Math.random() / 2))
  }

  #retryNow(): void {
    this.#retry = undefined
    if (this.#stopped) return
    if (this.agent.isConnected()) this.#register()
    else this.agent.reconnect().catch(() => this.#startOver())
  }
}
