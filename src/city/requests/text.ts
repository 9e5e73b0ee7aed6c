/** Words as they are kept: one form for each letter, no characters that cannot be seen. */

/** Ş and ţ with a cedilla come from old keyboards; Romanian has them with a comma. */
const oldLetters: Readonly<Record<string, string>> = { ş: 'ș', ţ: 'ț', Ş: 'Ș', Ţ: 'Ț' }

/** One line: no line ends, no runs of spaces. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}

/** Several lines, which stay; tabs become spaces. */
export function cleanText(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/[şţŞŢ]/g, (letter) => oldLetters[letter] ?? letter)
      .replace(/\r\n?/g, '\n')
      .replace(/\t/g, ' ')
      // Controls, and the marks that turn the direction of a text around.
      .replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
      .trim()
  )
}
