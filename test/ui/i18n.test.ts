import t from 'tap'
import { en } from '../../src/ui/i18n/en/index.ts'
import { ro } from '../../src/ui/i18n/ro/index.ts'

function sentences(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : sentences(value as object, `${path}${key}.`),
  )
}
const holes = (text: string): string[] => (text.match(/\{\{\w+(, \w+)?\}\}/g) ?? []).sort()

t.test('both languages have the same keys and placeholders', (t) => {
  const english = new Map(sentences(en))
  for (const [key, text] of sentences(ro)) {
    const other = english.get(key) ?? ''
    t.not(other, '', key)
    if (!/_(one|few|other)$/.test(key)) t.strictSame(holes(other), holes(text), key)
  }
  t.equal(english.size, sentences(ro).length)
  t.end()
})

t.test('Romanian texts use commas below, not cedillas', (t) => {
  const wrong = sentences(ro).filter(([, text]) => /[şţŞŢ]/.test(text))
  t.strictSame(wrong, [])
  t.end()
})

t.test('a day as it is said has no “din” before it: “din mâine”', (t) => {
  const wrong = sentences({ line: ro.board.line, callerNotices: ro.callerNotices }).filter(([, text]) =>
    /\bdin \{\{(?:at|from)\}\}/.test(text),
  )
  t.strictSame(wrong, [])
  t.end()
})

t.test('words that were misunderstood do not come back', (t) => {
  const parts =
    /abia intrat|lucru la acte|Serverul tace|greșit ceva|Citește înapoi|mai spus-o|Nicio categorie așa|de pe hârtie|reclamație despre el|Comunicat până|Termenul a trecut|și o copie|ce acte există|prin ghiș|prin ghiseul|Mersul apelului|Vezi cum stă|Se lucrează|Sunetul ajunge/i
  const whole = ['Gata', 'Fel', 'Despre ce', 'Ce cere', 'Se păstrează', 'Tăcere', 'Greșit', 'Pe loc', 'Fără']
  const wrong = sentences(ro).filter(([, text]) => parts.test(text) || whole.includes(text))
  t.strictSame(wrong, [])
  t.end()
})
