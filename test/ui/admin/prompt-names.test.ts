import t from 'tap'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import { textPlaces, type TextPlace } from '../../../src/core/prompts/recordable-texts.ts'
import { recordablePrompts } from '../../../src/core/prompts/recordable.ts'
import type { PromptItem } from '../../../src/http/prompts/wire.ts'
import { promptName } from '../../../src/ui/admin/prompts/prompt-name.ts'
import { languages, textsIn } from '../texts.ts'

const item: PromptItem = {
  prompt: soundOf('ro', 'Taxe'),
  text: 'Taxe',
  language: 'ro',
  heardIn: [],
  secondsMax: 50,
  source: 'machine',
  seconds: null,
  loudnessLufs: null,
  version: null,
  at: null,
  by: null,
}
const at = (place: TextPlace, name: string | null = null, nth: number | null = null) => ({ place, name, nth })

t.test('a text has the places where it is heard for a name, a fixed prompt its own', async (t) => {
  const [ro, en] = [await textsIn('ro'), await textsIn('en')]
  t.equal(promptName({ ...item, prompt: 'greeting' }, ro), 'Salutul')
  t.equal(promptName({ ...item, prompt: 'music' }, ro), 'Muzica de așteptare')
  t.equal(promptName({ ...item, heardIn: [at('menu', 'Principal')] }, ro), 'Meniul „Principal”')
  const two = [at('greeting', '969'), at('closed', '970')]
  t.equal(promptName({ ...item, heardIn: two }, ro), 'Numărul 969: salutul; Numărul 970: când este închis')
  const english = { ...item, language: 'en' as const, heardIn: [at('queue', 'Taxe', 2)] }
  t.equal(promptName(english, ro), 'Coada „Taxe”: anunțul 2, în engleză')
  t.equal(promptName({ ...english, language: 'hu' }, ro), 'Coada „Taxe”: anunțul 2, în maghiară')
  t.equal(promptName(english, en), 'Queue “Taxe”: announcement 2, in English')
})

t.test('every prompt and every place has a name in both languages', async (t) => {
  for (const language of languages) {
    const texts = await textsIn(language)
    for (const prompt of recordablePrompts) t.notMatch(promptName({ ...item, prompt }, texts), /prompts\./)
    for (const place of textPlaces)
      t.notMatch(promptName({ ...item, heardIn: [at(place, 'x', 1)] }, texts), /prompts\.|\{\{/, place)
  }
})
