/**
 * Signs and verifies messages by Standard Webhooks (standardwebhooks.com) with the standard's own package: HMAC-SHA256
 * over `id.timestamp.body`, base64 after `v1,`. The receiver refuses timestamps more than five minutes off.
 */
import { isUtf8 } from 'node:buffer'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import type { Opened, Received } from '../city/documents/document-system.ts'
import type { Millis } from '../core/ids.ts'

export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

const idMaxLength = 200

/** `secret`: `whsec_` and base64, shared by both sides. */
export function sign(secret: string, id: string, body: string, now: Millis): WebhookHeaders {
  const timestamp = Math.floor(now / 1_000)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': new Webhook(secret).sign(id, new Date(timestamp * 1_000), body),
  }
}

export function open(secret: string, { id, timestamp, signature, body }: Received): Opened {
  // The package decodes the body as text: two different bodies that are not UTF-8 could decode to the same text.
  if (id.length > idMaxLength || !isUtf8(body)) return { ok: false, why: 'not genuine' }
  const headers: WebhookHeaders = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  }
  try {
    return { ok: true, content: new Webhook(secret).verify(Buffer.from(body), { ...headers }) }
  } catch (error) {
    if (error instanceof WebhookVerificationError) return { ok: false, why: 'not genuine' }
    // The signature was valid: the error is the sender's.
    if (error instanceof SyntaxError) return { ok: false, why: 'not JSON' }
    throw error
  }
}
