/** The WebRTC connections of SIP.js, and access to the one of a session. */
import { Web, type Session, type UserAgentOptions } from 'sip.js'
import { betterVoice, voiceForCall } from './microphone.ts'
import { withoutLocalNames } from './sdp.ts'

/** Only local addresses are gathered, which takes no time. */
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
      // SIP.js uses a public STUN server by default; Asterisk is on the city's own network.
      peerConnectionConfiguration: { iceServers: [] },
    }),
}

export interface Media {
  readonly connection: RTCPeerConnection
  readonly remote: MediaStream
  /** Sends the agent's voice, or silence. */
  speak(on: boolean): void
  /** Sends tones beside the voice; null: the browser has none. */
  readonly tones: RTCDTMFSender | null
  /** The outgoing track; null before there is one. */
  voice(): MediaStreamTrack | null
  /** Replaces the track of a microphone that is gone by a working one; `on` as for `speak`. */
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
    tones: sender()?.dtmf ?? null,
    voice,
    async renewVoice(on) {
      const gone = voice()
      const better = await betterVoice(gone)
      if (better === null) return
      better.enabled = on()
      // Meanwhile the call may have ended, or another renewal may have been faster.
      if (connection.signalingState === 'closed' || voice() !== gone) better.stop()
      else await sender()?.replaceTrack(better)
    },
    remote: handler.remoteMediaStream,
    speak: (on) => handler.enableSenderTracks(on),
  }
}
