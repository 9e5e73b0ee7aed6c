/** The little of Markdown that the check of references needs. */

export interface Line {
  readonly text: string
  /** From 1. */
  readonly line: number
}

/** Lines outside fenced code blocks. */
export function linesOutsideFences(markdown: string): readonly Line[] {
  const kept: Line[] = []
  let fence: string | null = null
  for (const [index, text] of markdown.split('\n').entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(text)?.[1] ?? null
    if (fence === null && mark !== null) fence = mark
    else if (fence !== null && mark !== null && mark.startsWith(fence)) fence = null
    else if (fence === null) kept.push({ text, line: index + 1 })
  }
  return kept
}

/** The anchors that GitHub gives the headings: equal ones are numbered. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const seen = new Map<string, number>()
  for (const { text } of linesOutsideFences(markdown)) {
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(text)?.[1]
    if (heading === undefined) continue
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}
