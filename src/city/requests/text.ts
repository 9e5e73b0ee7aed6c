/** Normalises texts before they are stored: one form for each letter, no invisible characters. */

/** Old keyboards type ş and ţ with a cedilla; Romanian has a comma below. */
const oldLetters: Readonly<Record<string, string>> = { ş: 'ș', ţ: 'ț', Ş: 'Ș', Ţ: 'Ț' }

/** One line: no line ends, no runs of spaces. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}

/** Keeps line ends; tabs become spaces. */
export function cleanText(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/[şţŞŢ]/g, (letter) => oldLetters[letter] ?? letter)
      .replace(/\r\n?/g, '\n')
      .replace(/\t/g, ' ')
      // Control characters, and marks that reverse the direction of a text.
      .replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
      .trim()
  )
}
