/** Pausing the recording: the open list of reasons, and the command. */
import type { PauseRecording } from '../../../http/consult/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { attempt } from '../desk-commands.ts'

export type RecordingReason = PauseRecording['reason']

/** The offer of the conversation whose list is open; null: it is closed. */
export const reasonsOpen = createStore<string | null>(null)
export const closeReasons = (): void => reasonsOpen.set(null)
export const toggleReasons = (offer: string | null): void =>
  reasonsOpen.set(reasonsOpen.get() === offer ? null : offer)

export const pauseRecording = (reason: RecordingReason, offerId: string | null): Promise<boolean> =>
  attempt(() =>
    api('POST', '/me/recording-pause', {
      reason,
      ...(offerId === null ? {} : { offerId }),
    } satisfies PauseRecording),
  )
