import { useEffect, useState } from 'react'

const shownMs = 3_000

export type Copied = 'text' | 'link' | 'failed'

/** Copies a text to the clipboard and reports the result for a moment. */
export function useCopy(): {
  readonly copied: Copied | null
  readonly copy: (what: 'text' | 'link', text: string) => Promise<void>
} {
  const [copied, setCopied] = useState<Copied | null>(null)
  useEffect(() => {
    if (copied === null) return undefined
    const timer = setTimeout(() => setCopied(null), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy(what: 'text' | 'link', text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(what)
    } catch {
      // Either the browser refused, or the page has no clipboard because it is served without HTTPS.
      setCopied('failed')
    }
  }
  return { copied, copy }
}
