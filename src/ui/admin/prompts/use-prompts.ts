/** The prompts of the line, and the publication of recordings. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  NewPromptVersion,
  PromptDictation,
  PromptItem,
  PromptRecording,
  Prompts,
  PromptVersion,
  PromptVersions,
} from '../../../http/prompts/wire.ts'
import { api, apiBlob } from '../../shared/server/api.ts'

/** A node of the release before, during an update, has the fixed prompts alone, and tells less of them. */
const ofBefore = { language: 'ro', heardIn: [], secondsMax: 0 } as const

export const promptsQuery = queryOptions({
  queryKey: ['prompts'],
  queryFn: async (): Promise<Prompts> => {
    const { items } = await api<Prompts>('GET', '/prompts')
    return { items: items.map((item) => ({ ...ofBefore, ...item })) }
  },
  // Another administrator's publication is noticed while this page is open.
  refetchInterval: 30_000,
})

export const usePromptVersions = (prompt: PromptItem['prompt']) =>
  useQuery({
    queryKey: ['prompts', prompt],
    queryFn: () => api<PromptVersions>('GET', `/prompts/${prompt}/versions`),
  })

export const heardSound = (prompt: PromptItem['prompt']): Promise<Blob> =>
  apiBlob('GET', `/prompts/${prompt}/sound`)
export const versionSound = (prompt: PromptItem['prompt'], id: number): Promise<Blob> =>
  apiBlob('GET', `/prompts/${prompt}/versions/${id}/sound`)

export async function prepared(prompt: PromptItem['prompt'], recording: Blob): Promise<Blob> {
  const body: PromptRecording = { prompt, recording: await base64Of(recording) }
  return apiBlob('POST', '/prompts/preparation', body)
}

export const openDictation = (): Promise<PromptDictation> => api('POST', '/prompts/dictation')
export const readDictation = (): Promise<PromptDictation> => api('GET', '/prompts/dictation')
/** The server does so by itself when its time is over. */
export async function closeDictation({ until }: PromptDictation): Promise<void> {
  await api('DELETE', `/prompts/dictation?until=${encodeURIComponent(until)}`).catch(() => undefined)
}

export const soundOfDictation = (recording: string): Blob =>
  new Blob([Uint8Array.from(atob(recording), (sign) => sign.charCodeAt(0))], { type: 'audio/wav' })

/** Rejects with a `Problem`, and reads the list again then as well: somebody else may have published. */
export function usePublication(prompt: PromptItem['prompt']) {
  const queries = useQueryClient()
  return async (sound: Blob | null, basedOn: number | null, reason: string): Promise<void> => {
    const body: NewPromptVersion = { sound: sound === null ? null : await base64Of(sound), basedOn, reason }
    try {
      await api<PromptVersion>('POST', `/prompts/${prompt}/versions`, body, { isSound: true })
    } finally {
      await queries.invalidateQueries({ queryKey: ['prompts'] })
    }
  }
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const address = typeof reader.result === 'string' ? reader.result : ''
      resolve(address.slice(address.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the sound was not read')))
    reader.readAsDataURL(blob)
  })
}
