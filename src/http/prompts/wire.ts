/** The prompts of the line, and the recordings that callers hear instead of the machine's voice. */
import { Type, type Static } from 'typebox'
import { promptRate, recordingBytesMax } from '../../core/prompts/prompt-sound.ts'
import { recordablePrompts } from '../../core/prompts/recordable.ts'
import { Described, Nullable, Time } from '../wire.ts'

export const promptReasonMax = 200
/** The latest versions of a prompt are listed. */
export const promptVersionsMax = 50
const Version = Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 })
const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4
/** More than a minute: one that is too long gets a reason of its own. */
const preparedBytesMax = 75 * promptRate * 2
/** Of the two requests that carry a sound. */
export const promptBodyMax = base64Length(recordingBytesMax) + 10_000

export const PromptName = Type.Enum([...recordablePrompts])
/** `machine`: generated speech. `studio`: a file of the installation. `recorded`: published here. */
export const promptSources = ['machine', 'studio', 'recorded'] as const

const measured = {
  seconds: Described('Null: this node has no sounds.', Nullable(Type.Number())),
  levelDb: Described('RMS level in decibels of full scale. Null: as above.', Nullable(Type.Number())),
}
export const PromptItem = Type.Object({
  prompt: PromptName,
  text: Described('The sentence, in Romanian; a recording is expected to say it.', Type.String()),
  source: Type.Enum([...promptSources]),
  ...measured,
  version: Described('The newest published one; null: there is none.', Nullable(Type.Integer())),
  at: Described('Of the newest version.', Nullable(Time)),
  by: Described('Who published it.', Nullable(Type.String())),
})
export type PromptItem = Static<typeof PromptItem>
export const Prompts = Described(
  '`GET /api/prompts`: those that a person may speak; the pieces of dates and times are not among them.',
  Type.Object({ items: Type.Array(PromptItem) }),
)
export type Prompts = Static<typeof Prompts>

export const PromptVersion = Type.Object({
  id: Type.Integer(),
  source: Described(
    '`machine`: the made sound again, also the studio’s.',
    Type.Enum(['machine', 'recorded']),
  ),
  seconds: Described('Null: no recording.', Nullable(Type.Number())),
  levelDb: Described('RMS level in decibels of full scale. Null: no recording.', Nullable(Type.Number())),
  publishedAt: Time,
  by: Type.String(),
  reason: Described('Empty: it has been deleted at the end of its retention.', Type.String()),
})
export type PromptVersion = Static<typeof PromptVersion>
export const PromptVersions = Described(
  '`GET /api/prompts/{prompt}/versions`: the latest ones, newest first.',
  Type.Object({ items: Type.Array(PromptVersion, { maxItems: promptVersionsMax }) }),
)
export type PromptVersions = Static<typeof PromptVersions>

export const PromptParams = Type.Object({ prompt: PromptName })
export const PromptVersionParams = Type.Object({ prompt: PromptName, id: Version })

export const PromptRecording = Described(
  '`POST /api/prompts/preparation`: nothing is saved.',
  Type.Object({
    recording: Described(
      'WAVE in base64: PCM of 16 bits, one or two channels, 8–192 kHz.',
      Type.String({ minLength: 1, maxLength: base64Length(recordingBytesMax) }),
    ),
  }),
)
export type PromptRecording = Static<typeof PromptRecording>

export const NewPromptVersion = Described(
  '`POST /api/prompts/{prompt}/versions`',
  Type.Object({
    sound: Described(
      'As the preparation has answered it, in base64. Null: the machine’s voice again.',
      Nullable(Type.String({ minLength: 1, maxLength: base64Length(preparedBytesMax) })),
    ),
    basedOn: Described('The newest version that was seen; null: there was none.', Nullable(Version)),
    reason: Type.String({ minLength: 1, maxLength: promptReasonMax, pattern: '\\S' }),
  }),
)
export type NewPromptVersion = Static<typeof NewPromptVersion>
