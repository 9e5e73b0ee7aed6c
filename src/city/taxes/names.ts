/** Compares names as people say them: in any order, with or without diacritics, hyphens, a second given name. */
import { eachFound, wordsOf } from './fold.ts'

/** Legal forms before or after a company's own name. */
const forms = new Set('sc s c srl srld sa snc scs pfa ii if pf ong asociatia fundatia'.split(' '))

/**
 * Whether the stated name matches the name on file: every stated word occurs in it, each once, and at least two do (or
 * all that there are). A company's legal form does not count.
 */
export function sameName(said: string, onFile: string): boolean {
  const mine = ownWords(said)
  const theirs = ownWords(onFile)
  return mine.length > 0 && mine.length >= Math.min(2, theirs.length) && eachFound(mine, theirs)
}

function ownWords(name: string): readonly string[] {
  const words = wordsOf(name.replace(/\b([A-Z])\.(?=[A-Z]\.)/gi, '$1').replace(/\./g, ''))
  const own = words.filter((word) => !forms.has(word))
  // The name consists only of words that are also legal forms, so all of them are kept.
  return own.length === 0 ? words : own
}
