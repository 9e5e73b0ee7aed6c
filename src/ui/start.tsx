import '@mantine/core/styles.css'
import './styles/font.css'
import './styles/tokens.css'
import './styles/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startLanguages } from './i18n/index.ts'
import { guardFocus } from './shared/focus-guard.ts'

export async function start(): Promise<void> {
  await startLanguages()
  const root = document.querySelector('#root')
  if (root === null) throw new Error('the page has no #root')
  guardFocus()
  createRoot(root).render(<App />)
}
