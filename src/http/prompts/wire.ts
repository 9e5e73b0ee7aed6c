/** The prompts and texts of the line, and the recordings that callers hear instead of the machine's voice. */
import { Type, type Static } from 'typebox'
import { dictationStates } from '../../core/prompts/dictation.ts'
import { musicBounds, promptRate, recordingBytesMax } from '../../core/prompts/prompt-sound.ts'
import { languages } from '../../core/configuration/menu.ts'
import { textPlaces } from '../../core/prompts/recordable-texts.ts'
import { promptNamePattern } from '../../core/prompts/recordable.ts'
import { Described, Nullable, Time } from '../wire.ts'

export const promptReasonMax = 200
/** The latest versions of a prompt are listed. */
export const promptVersionsMax = 50
const Version = Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 })
const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4
/** More than the longest music: one that is too long gets a reason of its own. */
const preparedBytesMax = (musicBounds.secondsMax + 15) * promptRate * 2
/** Of the two requests that carry a sound. */
export const promptBodyMax = base64Length(recordingBytesMax) + 10_000

export const PromptName = Type.String({
  pattern: promptNamePattern,
  maxLength: 60,
  description:
    'A fixed prompt, such as `greeting`; a text, by the name of its sound, which follows from its words; or the waiting music, `music`, and a queue’s own, `music-<queue>`',
})
/** `machine`: generated speech, or the made melody; of a queue’s music the line’s. `studio`: a file of the installation. `recorded`: published here. */
export const promptSources = ['machine', 'studio', 'recorded'] as const

const measured = {
  seconds: Described('Null: this node has no sounds.', Nullable(Type.Number())),
  loudnessLufs: Described(
    'Integrated loudness by EBU R 128. Null: as above, or of a recording from before it was measured.',
    Nullable(Type.Number()),
  ),
}
export const PromptPlace = Described(
  'Where callers hear a text, or a queue’s music.',
  Type.Object({
    place: Described(
      'A number’s own `greeting` or words while it is `closed`; a `menu`; an announcement of a `queue`; a sentence of the callback question, of a message by key (`voicemail`, `busy`) or of the `survey`; a `notice`; the `music` of a queue.',
      Type.Enum([...textPlaces, 'music']),
    ),
    name: Described(
      'The number, or the name of the menu or the queue. Null: of neither.',
      Nullable(Type.String()),
    ),
    nth: Described('Of several that are heard there, from 1. Null: the only one.', Nullable(Type.Integer())),
  }),
)
export type PromptPlace = Static<typeof PromptPlace>
export const PromptItem = Type.Object({
  prompt: PromptName,
  text: Described(
    'The sentence; a recording is expected to say it. Empty: of music, or of a recorded text that is in no use.',
    Type.String(),
  ),
  language: Type.Enum([...languages]),
  heardIn: Described(
    'Where a text is heard. Empty: a fixed prompt or the music, of every caller, or a recorded text that is in no use.',
    Type.Array(PromptPlace),
  ),
  secondsMax: Described('A recording may last so long.', Type.Integer()),
  source: Type.Enum([...promptSources]),
  ...measured,
  version: Described('The newest published one; null: there is none.', Nullable(Type.Integer())),
  at: Described('Of the newest version.', Nullable(Time)),
  by: Described('Who published it.', Nullable(Type.String())),
})
export type PromptItem = Static<typeof PromptItem>
export const Prompts = Described(
  '`GET /api/prompts`: the fixed prompts that a person may speak, the waiting music, and then the texts in use by the published configuration and by notices that are not over. The pieces of dates, times and places in the queue are not among them.',
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
  loudnessLufs: Described(
    'Integrated loudness by EBU R 128. Null: no recording, or one from before it was measured.',
    Nullable(Type.Number()),
  ),
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
    prompt: Type.Optional(
      Described('For which it is: music may be longer, and is softer. Absent: for a sentence.', PromptName),
    ),
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

export const PromptDictation = Described(
  '`POST` and `GET /api/prompts/dictation`: the account’s own, for ten minutes.',
  Type.Object({
    number: Described('To dial from a phone of the line, once.', Type.String()),
    until: Described('It can be dialled until then.', Time),
    state: Described(
      '`waiting` for the call; `recording`; `recorded`: the call is over.',
      Type.Enum([...dictationStates]),
    ),
    recording: Described('WAVE of 8 kHz in base64, once it is `recorded`.', Nullable(Type.String())),
  }),
)
export type PromptDictation = Static<typeof PromptDictation>
/** Its time and not its number, which would be in the URL. */
export const DictationQuery = Type.Object({
  until: Described('Of the one that is meant: another one that has taken its place stays.', Time),
})
