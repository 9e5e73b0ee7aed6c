/** How SIP.js makes WebRTC connections for us, and how to reach the one of a session. */
import { Web, type Session, type UserAgentOptions } from 'sip.js'
import { betterVoice, voiceForCall } from './microphone.ts'
import { withoutLocalNames } from './sdp.ts'

/** Addresses of this computer are known at once; there is nothing on the internet to wait for. */
const iceGatheringMs = 500

class Handler extends Web.SessionDescriptionHandler {
  override async getDescription(
    ...asked: Parameters<Web.SessionDescriptionHandler['getDescription']>
  ): ReturnType<Web.SessionDescriptionHandler['getDescription']> {
    const description = await super.getDescription(...asked)
    return { ...description, body: withoutLocalNames(description.body) }
  }
}

export const mediaOptions: Pick<UserAgentOptions, 'sessionDescriptionHandlerFactory'> = {
  sessionDescriptionHandlerFactory: (session) =>
    new Handler(session.userAgent.getLogger('sip.SessionDescriptionHandler'), () => voiceForCall(), {
      iceGatheringTimeout: iceGatheringMs,
      // SIP.js would ask a public STUN server by default; the exchange is on the city's own network.
      peerConnectionConfiguration: { iceServers: [] },
    }),
}

export interface Media {
  readonly connection: RTCPeerConnection
  readonly remote: MediaStream
  /** Whether our voice is sent; silence goes out otherwise. */
  speak(on: boolean): void
  /** What goes out; null before anything does. */
  voice(): MediaStreamTrack | null
  /** Puts a microphone that works in the place of one that is gone; `on` as for `speak`. */
  renewVoice(on: () => boolean): Promise<void>
}

export function mediaOf(session: Session): Media | null {
  const handler = session.sessionDescriptionHandler
  if (!(handler instanceof Web.SessionDescriptionHandler)) return null
  const connection = handler.peerConnection
  if (connection === undefined) return null
  const sender = (): RTCRtpSender | undefined => connection.getSenders()[0]
  const voice = (): MediaStreamTrack | null => sender()?.track ?? null
  return {
    connection,
    voice,
    async renewVoice(on) {
      const gone = voice()
      const better = await betterVoice(gone)
      if (better === null) return
      better.enabled = on()
      // The call may have ended, or another renewal been quicker, while the browser opened the device.
      if (connection.signalingState === 'closed' || voice() !== gone) better.stop()
      else await sender()?.replaceTrack(better)
    },
    remote: handler.remoteMediaStream,
    speak: (on) => handler.enableSenderTracks(on),
  }
}
