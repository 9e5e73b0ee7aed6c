/** The languages of the interface. */
export type Language = 'ro' | 'en'

/** Romanian, unless the browser prefers English (RFC 9110 weights; of equal weights the first wins). */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: 'ro', weight: 0 }
  for (const part of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const language = tag.split('-')[0]
    if (language !== 'ro' && language !== 'en') continue
    const q = parameters.map((one) => one.trim()).find((one) => one.startsWith('q='))
    const weight = q === undefined ? 1 : Number(q.slice(2))
    if (weight > best.weight) best = { language, weight }
  }
  return best.language
}
