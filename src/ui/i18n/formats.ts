/** How values are written in texts. `{{language, language}}`: a language by its code, named in the screen's language. */
import type { i18n } from 'i18next'
import { languageName } from '../shared/language-name.ts'

export function addFormats({ services }: i18n): void {
  services.formatter?.add('language', (code, screen) => languageName(String(code), screen ?? 'ro'))
}
