/**
 * The phone in the page: one call at a time, either incoming or a sound test. It takes no decisions about the
 * call: it answers when asked, and the server (not a BYE from here) ends calls.
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
import { ToneQueue, type Tone } from './tone-queue.ts'

export interface PhoneAccount {
  readonly username: string
  readonly password: string
  readonly domain: string
  /** `wss://host/sip` */
  readonly server: string
  /** The extension of the sound test. */
  readonly echo: string
}

/** How long after the card of an offer its INVITE may arrive. */
const pendingAnswerMs = 5_000
/** The silence after which the connection is checked; normally fifty packets arrive in a second. */
const checkAfterMs = 800

export class Softphone {
  readonly #state: Store<PhoneState>
  readonly #account: PhoneAccount
  readonly #registration: Registration
  readonly #speaker: Speaker
  readonly #cleanups: (() => void)[] = []
  #session: Session | null = null
  #stopWatching: (() => void) | null = null
  #tones: ToneQueue | null = null
  /** The offer that the agent answered before its INVITE arrived. */
  #pendingAnswer: { readonly offerId: string; readonly until: number } | null = null
  #leaving = false

  constructor(account: PhoneAccount, state: Store<PhoneState>, newPassword: () => Promise<string>) {
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
        // The server decides the ring time; the phone must only not give up earlier.
        noAnswerTimeout: 180,
        delegate: { onInvite: (invitation) => this.#onInvite(invitation) },
        ...mediaOptions,
      },
      (registration) => this.#show({ registration }),
      newPassword,
    )
  }

  async start(): Promise<void> {
    const listen = (): void => void this.#openMicrophone()
    listen()
    // A sound test ends with the page; otherwise it would keep the phone busy.
    const onPageHide = (): void => this.endEcho()
    window.addEventListener('pagehide', onPageHide)
    const onOnline = (): void => this.#registration.verify()
    window.addEventListener('online', onOnline)
    this.#cleanups.push(
      onMicrophoneChanged(listen),
      () => window.removeEventListener('pagehide', onPageHide),
      () => window.removeEventListener('online', onOnline),
    )
    await this.#registration.start()
  }

  async stop(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) cleanup()
    // The page that took over has the call: only this leg's sound ends here, Asterisk ends the leg.
    const session = this.#session
    if (session !== null) this.#ended(session)
    // No more state changes after this point: the next phone of this page writes to the same store.
    this.#leaving = true
    this.#state.set(idlePhone)
    this.#speaker.remove()
    closeMicrophone()
    await this.#registration.stop()
    session?.sessionDescriptionHandler?.close()
  }

  /**
   * Picks up the ringing call. The card of an offer can arrive before its INVITE: the answer is then remembered
   * for that offer only. Without a ringing call (the caller has just left) this has no effect.
   */
  async answer(offerId: string | null = null): Promise<void> {
    const session = this.#session
    const rings = this.#state.get().session?.offerId ?? null
    // The ringing call may belong to an offer that has ended, if the page has not received that yet.
    const isAnother = offerId !== null && rings !== null && rings !== offerId
    if (!(session instanceof Invitation) || session.state !== SessionState.Initial || isAnother) {
      this.#pendingAnswer = offerId === null ? null : { offerId, until: performance.now() + pendingAnswerMs }
      return
    }
    this.#pendingAnswer = null
    this.#showSession({ phase: 'answering' })
    // It fails if the caller leaves at this moment; the CANCEL then clears the screen.
    await session.accept().catch(() => this.#ended(session))
  }

  /** Mutes or unmutes the agent's track at once; the server mutes in Asterisk as well. */
  mute(muted: boolean): void {
    this.#show({ muted })
    if (this.#session !== null) mediaOf(this.#session)?.speak(!muted)
  }

  /** `sent`: called when the tone goes out, which may be after others. False: it cannot be sent. */
  sendTone(tone: Tone, sent: () => void): boolean {
    return this.#state.get().session?.kind === 'incoming' && this.#tones?.send(tone, sent) === true
  }

  /** Drops the tones that have not gone out. */
  dropTones(): void {
    this.#tones?.clear()
  }

  /** Dials the echo test: `check` is silent, `echo` audible. Resolves to whether the INVITE was sent. */
  async dialEcho(kind: 'echo' | 'check'): Promise<boolean> {
    if (this.#session !== null) return false
    if (!this.#registration.agent.isConnected()) {
      this.#show({ testRefused: kind === 'echo' })
      return false
    }
    const inviter = new Inviter(this.#registration.agent, this.#uri(this.#account.echo))
    this.#begin(inviter, { kind, phase: 'answering', from: '', offerId: null, autoAnswer: false })
    try {
      await inviter.invite({ requestDelegate: { onReject: () => this.#onEnded(inviter) } })
      return true
    } catch {
      // No sound device, or no connection.
      this.#onEnded(inviter)
      return false
    }
  }

  /** Ends a sound test. Only the server ends a citizen's call. */
  endEcho(): void {
    const kind = this.#state.get().session?.kind
    if (this.#session !== null && (kind === 'echo' || kind === 'check')) this.#drop(this.#session)
  }

  /** Checks whether the signalling connection to Asterisk still works. */
  verify(): void {
    this.#registration.verify()
  }

  /** The server reports no call on this phone: the BYE or CANCEL of this one was lost. */
  dropLostCall(): void {
    const phase = this.#state.get().session?.phase
    if (this.#session !== null && (phase === 'up' || phase === 'ringing')) this.#drop(this.#session)
  }

  #onInvite(invitation: Invitation): void {
    if (this.#leaving) {
      // This page is closing: 480 lets Asterisk try the page that took over.
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
    // A new call replaces a sound test or a lost leg. An agent in a call is never offered another, so any other
    // session here is a leg whose BYE was lost.
    if (this.#session !== null) this.#drop(this.#session)
    const { uri, displayName } = invitation.remoteIdentity
    this.#begin(invitation, {
      kind: 'incoming',
      phase: 'ringing',
      from: uri.user ?? displayName,
      offerId,
      autoAnswer,
    })
    if (this.#pendingAnswer?.offerId === offerId && performance.now() < this.#pendingAnswer.until)
      void this.answer()
  }

  async #openMicrophone(): Promise<void> {
    const microphone = await openMicrophone()
    this.#show({ microphone })
    // During a call the track of an unplugged headset would stay silent to the end.
    const media = this.#session === null ? null : mediaOf(this.#session)
    await media?.renewVoice(() => !this.#state.get().muted)
  }

  #begin(session: Session, shown: PhoneSession): void {
    this.#session = session
    this.#show({ session: shown, audio: noAudio, muted: false, testRefused: false })
    // The microphone's state is read again for each call, since it may have changed since the page was opened.
    void this.#openMicrophone()
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) {
        this.#established(session)
      }
      if (state === SessionState.Terminated) this.#onEnded(session)
    })
  }

  #established(session: Session): void {
    if (session !== this.#session) return
    this.#showSession({ phase: 'up' })
    this.#stopWatching = watchAudio(session, (audio) => this.#onAudio(audio))
    const media = mediaOf(session)
    if (media === null) return
    this.#tones = media.tones === null ? null : new ToneQueue(media.tones)
    media.speak(!this.#state.get().muted)
    this.#speaker.play(media.remote, this.#state.get().session?.kind !== 'check')
  }

  #onAudio(audio: AudioFacts): void {
    const before = this.#state.get().audio.silentMs
    this.#show({ audio })
    // The network may have changed, and then the signalling is dead as well. If it is detected before Asterisk
    // gives this leg up, the phone can be rung again at once.
    if (before < checkAfterMs && audio.silentMs >= checkAfterMs) this.#registration.verify()
  }

  /** The other side ended the session. An agent waiting for the echo is told that the test was refused. */
  #onEnded(session: Session): void {
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
    this.#tones?.close()
    this.#tones = null
    this.#speaker.silence()
    this.#show({ session: null, audio: noAudio, muted: false })
  }

  #drop(session: Session): void {
    this.#ended(session)
    // An error means that the other side has ended it already.
    if (session.state === SessionState.Established) session.bye().catch(() => undefined)
    else if (session instanceof Inviter) session.cancel().catch(() => undefined)
  }

  #uri(user: string): URI {
    const uri = UserAgent.makeURI(`sip:${user}@${this.#account.domain}`)
    if (uri === undefined) throw new Error('the phone account from the server is not a SIP address')
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
