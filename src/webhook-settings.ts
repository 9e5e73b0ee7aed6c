/** Settings of webhooks: the program of the city's that is told of the course of calls. */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import * as kind from './setting.ts'
import { WrongSettings, type Reader } from './setting.ts'

export interface WebhookSettings {
  /** Messages are sent there (WEBHOOK_URL). */
  readonly url: string
  /** File with the secret that signs them (WEBHOOK_SECRET_FILE). */
  readonly secretFile: string
  /** Messages have the caller's number (WEBHOOK_CALLER_NUMBER). */
  readonly withNumber: boolean
}

const secretFileAccepted = `a file with ${kind.webhookSecret.accepted} alone, which this user may read and others may not (chmod 600)`

export function webhookFrom(reader: Reader): WebhookSettings | null {
  const url = reader.optional('WEBHOOK_URL', kind.secureUrl, null)
  const secretFile = reader.optional('WEBHOOK_SECRET_FILE', kind.text, null)
  const withNumber = reader.optional('WEBHOOK_CALLER_NUMBER', kind.oneOf('0', '1'), '0') === '1'
  if (url === null && secretFile === null && !withNumber) return null
  if (url === null) reader.wrong('WEBHOOK_URL', null, kind.secureUrl.accepted)
  if (secretFile === null) reader.wrong('WEBHOOK_SECRET_FILE', null, secretFileAccepted)
  return { url: url ?? '', secretFile: resolve(secretFile ?? ''), withNumber }
}

/** The secret, `whsec_…`. @throws {WrongSettings} when the file has none, or not only its owner and group may read it. */
export function webhookSecretIn({ secretFile }: WebhookSettings): string {
  const secret = isPrivate(secretFile) ? kind.webhookSecret.parse(textOf(secretFile).trim()) : undefined
  if (secret !== undefined) return secret
  throw new WrongSettings([{ name: 'WEBHOOK_SECRET_FILE', given: secretFile, accepted: secretFileAccepted }])
}

function isPrivate(file: string): boolean {
  try {
    const { mode } = statSync(file)
    return (mode & 0o007) === 0
  } catch {
    return false
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
