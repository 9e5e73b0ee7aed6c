/** One HTTP(S) request with bounds on time and size; failures are values. */
import { once } from 'node:events'
import { request as overHttp, type IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import type { Unreached } from '../city/documents/document-system.ts'

export interface Question {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** Of body and answer; default: JSON. */
  readonly types?: { readonly body: string; readonly answer: string }
  /** For the whole exchange, to the last byte of the answer. */
  readonly withinMs: number
  readonly stopping?: AbortSignal
}

export type Answer =
  | { readonly reached: true; readonly status: number; readonly text: string; readonly bytes: Buffer }
  | { readonly reached: false; readonly why: Unreached }

/** An answer is a few fields. */
const answerBytesMax = 64 * 1024

/** Redirects are not followed: a signed message goes to the address that was set, and to no other. */
export async function ask(question: Question): Promise<Answer> {
  const { url, headers, body, withinMs, stopping } = question
  const json = 'application/json'
  const types = question.types ?? { body: json, answer: json }
  const timeout = AbortSignal.timeout(withinMs)
  const signal = stopping === undefined ? timeout : AbortSignal.any([timeout, stopping])
  try {
    const asked = (url.startsWith('https:') ? overHttps : overHttp)(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': types.body,
        'content-length': Buffer.byteLength(body),
        accept: types.answer,
      },
      // A new connection each time: `fetch` keeps one, and after a timeout the next request used the dead one.
      agent: false,
      signal,
    })
    const answered: Promise<IncomingMessage[]> = once(asked, 'response')
    // An error after the response has begun ends the reading below.
    asked.on('error', () => undefined)
    asked.end(body)
    const [response] = await answered
    const bytes = response === undefined ? null : await bytesOf(response)
    return response?.statusCode === undefined || bytes === null
      ? { reached: false, why: 'answer not understood' }
      : { reached: true, status: response.statusCode, text: bytes.toString('utf8'), bytes }
  } catch {
    if (stopping?.aborted === true) return { reached: false, why: 'stopped' }
    return { reached: false, why: timeout.aborted ? 'no answer in time' : 'no connection' }
  }
}

/** Null when the body exceeds `answerBytesMax`. */
async function bytesOf(response: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    // Leaving the loop closes the connection.
    if (bytes > answerBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
