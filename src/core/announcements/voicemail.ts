/** How a caller who has chosen it by key, or whom their queue has no agent for, may leave a message. Callers of a closed number hear it with why (`asterisk-conf/prompts.ro.json`). */
import { lineLanguages, soundOf, type LineLanguage, type SpokenText } from '../configuration/menu.ts'

const words = {
  ro: 'Lăsați un mesaj după semnalul sonor. Mesajul se înregistrează. La sfârșit închideți, sau apăsați tasta diez.',
  en: 'Please leave a message after the tone. The message is recorded. When you have finished, hang up, or press the hash key.',
} as const satisfies Record<LineLanguage, string>

/** Whether nobody is signed in, or too many wait: it is true of both. */
const busy = {
  ro: `În acest moment nu vă poate răspunde niciun operator. ${words.ro}`,
  en: `None of our agents can answer at the moment. ${words.en}`,
} as const satisfies Record<LineLanguage, string>

const soundIn = (language: LineLanguage, text: string): string => soundOf(language, text, 'waiting')
const promptsOf = (texts: Record<LineLanguage, string>): Readonly<Record<LineLanguage, string>> => ({
  ro: soundIn('ro', texts.ro),
  en: soundIn('en', texts.en),
})
const textsOf = (texts: Record<LineLanguage, string>): readonly SpokenText[] =>
  lineLanguages.map((language) => ({
    sound: soundIn(language, texts[language]),
    language,
    text: texts[language],
  }))

export const voicemailPrompts = promptsOf(words)
export const voicemailTexts = textsOf(words)

/** To a caller who overflows. */
export const busyPrompts = promptsOf(busy)
export const busyTexts = textsOf(busy)
