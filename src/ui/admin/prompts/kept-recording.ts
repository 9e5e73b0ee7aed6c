/**
 * The recording that is not published yet. It stays while its maker looks at another part of the application, and is
 * gone with the page.
 */
import type { PromptItem } from '../../../http/prompts/wire.ts'
import { createStore } from '../../shared/store.ts'
import { keepInPage } from '../../shared/unsaved/page-only.ts'

export interface Recording {
  readonly wave: Blob
  readonly seconds: number
  /** `phone`: a dictation; a number: the published version that it was. */
  readonly from: 'computer' | 'phone' | number
}

export type RecordedDraft =
  | ({ readonly step: 'recorded' } & Recording)
  | ({ readonly step: 'prepared'; readonly sound: Blob } & Recording)

interface KeptRecording {
  readonly item: PromptItem
  readonly draft: RecordedDraft
  /** The version that was heard when the recording was begun; undefined: the present one. */
  readonly seen: number | null | undefined
}

/** One at a time: another prompt is not opened until it is published or discarded. */
export const keptRecording = createStore<KeptRecording | null>(null)

keepInPage(() => keptRecording.get() !== null)
