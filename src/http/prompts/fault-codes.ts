import type { PromptSoundFault } from '../../core/prompts/prompt-sound.ts'
import { isMusic, type PromptName } from '../../core/prompts/recordable.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'

const codes = {
  'no wave': 'prompt-not-a-wave',
  silent: 'prompt-silent',
  'too short': 'prompt-too-short',
  'too long': 'prompt-too-long',
  clipped: 'prompt-clipped',
  'not prepared': 'prompt-not-prepared',
} as const satisfies Record<PromptSoundFault, Code>
const musicCodes = {
  ...codes,
  silent: 'music-silent',
  'too short': 'music-too-short',
  'too long': 'music-too-long',
  clipped: 'music-clipped',
} as const satisfies Record<PromptSoundFault, Code>

export const refusalOf = (fault: PromptSoundFault, prompt?: PromptName): Refused =>
  new Refused((prompt !== undefined && isMusic(prompt) ? musicCodes : codes)[fault])
