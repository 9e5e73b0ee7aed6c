/** Normalises the spelling of a name or an employer, because two spellings of one employer would be two employers. */
export const normalised = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ')
