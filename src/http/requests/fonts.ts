/**
 * The application's own letters on paper. The font comes in two parts, as browsers load it: Latin, and the
 * letters beyond it, among them ă, ș and ț. A text is written in runs of one part each.
 */
import { fileURLToPath } from 'node:url'

export type Weight = '400' | '600'
export type Part = 'latin' | 'latin-ext'

export function fontFile(part: Part, weight: Weight): string {
  return fileURLToPath(import.meta.resolve(`@fontsource/inter/files/inter-${part}-${weight}-normal.woff`))
}

export interface Run {
  readonly part: Part
  readonly text: string
}

/** What neither part has (an emoji, another script) is written as a question mark rather than as nothing. */
export function runsOf(text: string): Run[] {
  const runs: { part: Part; text: string }[] = []
  for (const letter of text) {
    const known = partOf(letter)
    const part = known ?? 'latin'
    const written = known === null ? '?' : letter
    const last = runs.at(-1)
    if (last?.part === part) last.text += written
    else runs.push({ part, text: written })
  }
  return runs
}

function partOf(letter: string): Part | null {
  const code = letter.codePointAt(0) ?? 0
  if (code <= 0xff || (code >= 0x2010 && code <= 0x2026) || code === 0x20ac) return 'latin'
  if ((code >= 0x100 && code <= 0x24f) || (code >= 0x1e00 && code <= 0x1eff)) return 'latin-ext'
  return null
}
