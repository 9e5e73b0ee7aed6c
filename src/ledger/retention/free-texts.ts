/**
 * Free text that people write beside a row of a register: subjects, reasons, remarks. The register keeps a salted digest
 * alone; the text is stored in `free_texts`, from which retention deletes it.
 */
import type { Database } from '../database.ts'
import { sealed } from './sealed-values.ts'

/**
 * Stores the text and returns the digest for the register's row; null for an empty text. Call it in the transaction that
 * writes the row.
 */
export async function addFreeText(db: Database, words: string): Promise<Buffer | null> {
  // PostgreSQL's text cannot hold NUL; a pasted one must not lose the text.
  const { salt, value: text, digest } = sealed(words.replaceAll('\u0000', ''))
  if (text === '') return null
  await db.insertInto('free_texts').values({ digest, salt, text }).execute()
  return digest
}

/** As `addFreeText`, for a register whose text is obligatory. */
export async function addObligatoryText(db: Database, words: string): Promise<Buffer> {
  const digest = await addFreeText(db, words)
  if (digest === null) throw new RangeError('the text is empty')
  return digest
}
