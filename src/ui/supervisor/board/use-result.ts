import { useEffect, useState } from 'react'

/** How long the result of an action is shown beside the title. */
const resultShownMs = 10_000

/** The sentence for the last action of a table. */
export function useResult(): readonly [string, (text: string) => void] {
  const [result, setResult] = useState('')
  useEffect(() => {
    if (result === '') return undefined
    const timer = setTimeout(() => setResult(''), resultShownMs)
    return () => clearTimeout(timer)
  }, [result])
  return [result, setResult]
}
