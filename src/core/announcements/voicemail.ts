/** How a caller who has chosen it by key may leave a message. Callers of a closed number hear it with why (`asterisk-conf/prompts.ro.json`). */
import { languages, soundOf, type Language, type SpokenText } from '../configuration/menu.ts'

const words = {
  ro: 'Lăsați un mesaj după semnalul sonor. Mesajul se înregistrează. La sfârșit închideți, sau apăsați tasta diez.',
  en: 'Please leave a message after the tone. The message is recorded. When you have finished, hang up, or press the hash key.',
} as const satisfies Record<Language, string>

const soundIn = (language: Language): string => soundOf(language, words[language], 'waiting')

export const voicemailPrompts: Readonly<Record<Language, string>> = { ro: soundIn('ro'), en: soundIn('en') }

export const voicemailTexts: readonly SpokenText[] = languages.map((language) => ({
  sound: voicemailPrompts[language],
  language,
  text: words[language],
}))
