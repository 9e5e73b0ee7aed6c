/**
 * The application's font in PDF files. It comes in two files, as browsers load it: Latin and extended Latin,
 * which has ă, ș and ț. A text is split into runs that need one file each.
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

/** Characters that neither file has (emoji, other scripts) become question marks instead of disappearing. */
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
