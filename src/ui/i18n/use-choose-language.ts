import { useState } from 'react'
import { chooseLanguage, type Language } from './index.ts'

/** `choose` answers whether the page now speaks the language; `failed`: the last choice could not be fetched. */
export function useChooseLanguage() {
  const [failed, setFailed] = useState(false)
  async function choose(language: Language): Promise<boolean> {
    setFailed(false)
    const chosen = await chooseLanguage(language)
    setFailed(!chosen)
    return chosen
  }
  return { choose, failed }
}
