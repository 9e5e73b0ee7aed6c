import { useEffect, useState } from 'react'

const shownMs = 3_000

export type Copied = 'text' | 'link' | 'failed'

/** Puts a text into the clipboard and tells for a moment that it is there. */
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
      // Refused, or a page without HTTPS, which has no clipboard.
      setCopied('failed')
    }
  }
  return { copied, copy }
}
