/**
 * The phone in the page: one call at a time, an incoming one or a sound test. It decides nothing about
 * the line: it answers when told, and the server (not a BYE from here) ends calls.
 */
import { Invitation, Inviter, SessionState, UserAgent, type Session, type URI } from 'sip.js'
import type { Store } from '../../shared/store.ts'
import { watchAudio } from './audio-watch.ts'
import { asksForAutoAnswer } from './auto-answer.ts'
import { mediaOf, mediaOptions } from './media.ts'
import { closeMicrophone, onMicrophoneChanged, openMicrophone } from './microphone.ts'
import { idlePhone, noAudio, type AudioFacts, type PhoneSession, type PhoneState } from './phone-state.ts'
import { Registration } from './registration.ts'
import { Speaker } from './speaker.ts'

export interface PhoneAccount {
  readonly username: string
  readonly password: string
  readonly domain: string
  /** `wss://host/sip` */
  readonly server: string
  /** What to dial for the sound test. */
  readonly echo: string
}

/** As long as the INVITE of an offer may be behind its card. */
const wishForMs = 5_000
/** No packet for so long, where fifty come in a second. */
const doubtAfterMs = 800

export class Softphone {
  readonly #state: Store<PhoneState>
  readonly #account: PhoneAccount
  readonly #registration: Registration
  readonly #speaker: Speaker
  readonly #leave: (() => void)[] = []
  #session: Session | null = null
  #stopWatching: (() => void) | null = null
  /** The offer that the agent has answered before it rang here. */
  #wish: { readonly offerId: string; readonly until: number } | null = null
  #leaving = false

  constructor(account: PhoneAccount, state: Store<PhoneState>) {
    this.#account = account
    this.#state = state
    this.#speaker = new Speaker((playbackBlocked) => this.#show({ playbackBlocked }))
    this.#registration = new Registration(
      {
        uri: this.#uri(account.username),
        authorizationUsername: account.username,
        authorizationPassword: account.password,
        transportOptions: { server: account.server, connectionTimeout: 5 },
        gracefulShutdown: false,
        logBuiltinEnabled: false,
        // The ring time is the server's to decide; the phone only must not give up before it.
        noAnswerTimeout: 180,
        delegate: { onInvite: (invitation) => this.#invited(invitation) },
        ...mediaOptions,
      },
      (registration) => this.#show({ registration }),
    )
  }

  async start(): Promise<void> {
    const listen = (): void => void this.#openMicrophone()
    listen()
    // A sound test is nobody's call: it goes with the page, or it would keep the phone busy.
    const pageLeaves = (): void => this.endEcho()
    window.addEventListener('pagehide', pageLeaves)
    const networkBack = (): void => this.#registration.verify()
    window.addEventListener('online', networkBack)
    this.#leave.push(
      onMicrophoneChanged(listen),
      () => window.removeEventListener('pagehide', pageLeaves),
      () => window.removeEventListener('online', networkBack),
    )
    await this.#registration.start()
  }

  async stop(): Promise<void> {
    for (const leave of this.#leave.splice(0)) leave()
    // The page that took over has the call now: this leg's sound ends here, the exchange ends the rest.
    const session = this.#session
    if (session !== null) this.#ended(session)
    // From here on this phone says nothing more: the next one of this page has the same state to show.
    this.#leaving = true
    this.#state.set(idlePhone)
    this.#speaker.remove()
    closeMicrophone()
    await this.#registration.stop()
    session?.sessionDescriptionHandler?.close()
  }

  /**
   * Picks up the ringing call. The card may be quicker than the INVITE of its offer: the wish is then kept
   * for that offer, and for no other. Nothing happens when nothing rings (the caller has just left).
   */
  async answer(offerId: string | null = null): Promise<void> {
    const session = this.#session
    const rings = this.#state.get().session?.offerId ?? null
    // What rings may be an offer that has ended while this page could not be told so.
    const isAnother = offerId !== null && rings !== null && rings !== offerId
    if (!(session instanceof Invitation) || session.state !== SessionState.Initial || isAnother) {
      this.#wish = offerId === null ? null : { offerId, until: performance.now() + wishForMs }
      return
    }
    this.#wish = null
    this.#showSession({ phase: 'answering' })
    // A caller who leaves at this very moment makes it fail; the CANCEL then clears the screen.
    await session.accept().catch(() => this.#ended(session))
  }

  /** Stops or lets through the agent's own voice at once; the server mutes in the exchange as well. */
  mute(muted: boolean): void {
    this.#show({ muted })
    if (this.#session !== null) mediaOf(this.#session)?.speak(!muted)
  }

  /** Dials the echo: `check` is not heard, `echo` is. Answers whether it could be dialled. */
  async dialEcho(kind: 'echo' | 'check'): Promise<boolean> {
    if (this.#session !== null) return false
    if (!this.#registration.agent.isConnected()) {
      this.#show({ testRefused: kind === 'echo' })
      return false
    }
    const inviter = new Inviter(this.#registration.agent, this.#uri(this.#account.echo))
    this.#take(inviter, { kind, phase: 'answering', from: '', offerId: null, autoAnswer: false })
    try {
      await inviter.invite({ requestDelegate: { onReject: () => this.#endedThere(inviter) } })
      return true
    } catch {
      // No sound device or no answer on the wire.
      this.#endedThere(inviter)
      return false
    }
  }

  /** Ends a sound test. A citizen's call is ended by the server alone. */
  endEcho(): void {
    const kind = this.#state.get().session?.kind
    if (this.#session !== null && (kind === 'echo' || kind === 'check')) this.#drop(this.#session)
  }

  /** Whether the signalling still leads to the exchange, as somebody who hears of the phone from there asks. */
  verify(): void {
    this.#registration.verify()
  }

  /** The line says that this phone has no call any more: the BYE or CANCEL of this one never came. */
  dropLostCall(): void {
    const phase = this.#state.get().session?.phase
    if (this.#session !== null && (phase === 'up' || phase === 'ringing')) this.#drop(this.#session)
  }

  #invited(invitation: Invitation): void {
    if (this.#leaving) {
      // Too late for this page: 480 lets the exchange try the one that took over.
      void invitation.reject({ statusCode: 480 })
      return
    }
    const header = (name: string): string | undefined => invitation.request.getHeader(name)
    const autoAnswer = asksForAutoAnswer(header)
    const offerId = header('X-Linia-Offer') ?? null
    const present = this.#state.get().session
    if (present?.kind === 'incoming' && present.phase !== 'ringing' && !autoAnswer && offerId === null) {
      void invitation.reject({ statusCode: 486 })
      return
    }
    // A sound test gives way to a citizen, a lost leg to its replacement; and the line offers a call only to
    // who has none: what stands here then is a leg whose BYE never came.
    if (this.#session !== null) this.#drop(this.#session)
    const { uri, displayName } = invitation.remoteIdentity
    this.#take(invitation, {
      kind: 'incoming',
      phase: 'ringing',
      from: uri.user ?? displayName,
      offerId,
      autoAnswer,
    })
    if (this.#wish?.offerId === offerId && performance.now() < this.#wish.until) void this.answer()
  }

  async #openMicrophone(): Promise<void> {
    const microphone = await openMicrophone()
    this.#show({ microphone })
    // In mid-call: the track of the headset that was pulled out would stay silent to the end.
    const media = this.#session === null ? null : mediaOf(this.#session)
    await media?.renewVoice(() => !this.#state.get().muted)
  }

  #take(session: Session, shown: PhoneSession): void {
    this.#session = session
    this.#show({ session: shown, audio: noAudio, muted: false, testRefused: false })
    // What is shown of the microphone is what this call finds, not what the page found when it was opened.
    void this.#openMicrophone()
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) {
        this.#established(session)
      }
      if (state === SessionState.Terminated) this.#endedThere(session)
    })
  }

  #established(session: Session): void {
    if (session !== this.#session) return
    this.#showSession({ phase: 'up' })
    this.#stopWatching = watchAudio(session, (audio) => this.#sounds(audio))
    const media = mediaOf(session)
    if (media === null) return
    media.speak(!this.#state.get().muted)
    this.#speaker.play(media.remote, this.#state.get().session?.kind !== 'check')
  }

  #sounds(audio: AudioFacts): void {
    const before = this.#state.get().audio.silentMs
    this.#show({ audio })
    // The network may have changed under this page, and then the signalling is gone as well: to know it
    // before the exchange gives this leg up is to be rung again at once.
    if (before < doubtAfterMs && audio.silentMs >= doubtAfterMs) this.#registration.verify()
  }

  /** Not by us: whoever waits to hear himself is told that he will not. */
  #endedThere(session: Session): void {
    const { session: shown } = this.#state.get()
    if (session === this.#session && shown?.kind === 'echo' && shown.phase !== 'up')
      this.#show({ testRefused: true })
    this.#ended(session)
  }

  #ended(session: Session): void {
    if (session !== this.#session) return
    this.#session = null
    this.#stopWatching?.()
    this.#stopWatching = null
    this.#speaker.silence()
    this.#show({ session: null, audio: noAudio, muted: false })
  }

  #drop(session: Session): void {
    this.#ended(session)
    // Already over on the other side is what we want.
    if (session.state === SessionState.Established) session.bye().catch(() => undefined)
    else if (session instanceof Inviter) session.cancel().catch(() => undefined)
  }

  #uri(user: string): URI {
    const uri = UserAgent.makeURI(`sip:${user}@${this.#account.domain}`)
    if (uri === undefined) throw new Error('the server gave a phone account that is no SIP address')
    return uri
  }

  #showSession(change: Partial<PhoneSession>): void {
    const { session } = this.#state.get()
    if (session !== null) this.#show({ session: { ...session, ...change } })
  }

  #show(change: Partial<PhoneState>): void {
    if (this.#leaving) return
    this.#state.set({ ...this.#state.get(), ...change })
  }
}
