/** Which notices of the day concern an article or a call. */
import type { Notice } from '../../http/knowledge/wire.ts'

/** An article that is open, or the queue of a call. */
export type Concern = { readonly article: string } | { readonly queue: string }

/** An article shows the notices that name it; a call those that name its queue, and those for everybody. */
export function concerning(notices: readonly Notice[], about: Concern): readonly Notice[] {
  if ('article' in about)
    return notices.filter(({ articles }) => articles.some(({ id }) => id === about.article))
  return notices.filter(
    ({ articles, queues }) => queues.includes(about.queue) || (articles.length === 0 && queues.length === 0),
  )
}

/** The characters that the right zone has room for in one line beside the count, at every width. */
const lineMax = 26

/** The first words of a text that is longer than a line, with an ellipsis. */
export function shortened(text: string): string {
  if (text.length <= lineMax) return text
  const words = text.slice(0, lineMax).replace(/\s+\S*$/, '')
  return `${words.replace(/[\s,.;:–-]+$/, '')}…`
}
