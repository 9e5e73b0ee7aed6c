/** What callers hear before a queue: the words of the number that they have called, and never silence. The product's own functions are not asked. */
import type { Prompt } from '../../../src/core/effect.ts'
import { closedNumber } from '../scenario.ts'
import { must } from './violation.ts'

/** The numbers of the simulated city (`world/own-words.ts`): their sounds, joined. */
const greetings: Readonly<Record<string, string>> = { city: 'greeting-city greeting-city-en' }
const closings: Readonly<Record<string, string>> = { [closedNumber]: 'closed-night' }
/** Nothing could be made of it. */
const silent = 'greeting-taxes'

/** A caller of a number begins to hear a prompt. */
export function checkWords(number: string, prompt: Prompt): void {
  if (prompt.say !== 'greeting' && prompt.say !== 'closed' && prompt.say !== 'voicemail') return
  const text = () => JSON.stringify({ number, prompt })
  const heard = Object.values(prompt.words ?? {}).join(' ')
  must(heard !== silent, 'a caller hears silence', text)
  const wanted = (prompt.say === 'greeting' ? greetings : closings)[number] ?? ''
  must(heard !== '' || wanted === '', 'the words of a number are not heard', text)
  must(heard === wanted, 'a caller hears the words of another number', text)
}
