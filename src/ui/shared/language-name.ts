/** The name of a language (ISO 639-1) in the screen's language. */
export function languageName(code: string, screen: string): string {
  return new Intl.DisplayNames([screen], { type: 'language' }).of(code) ?? code
}
