/** Downloads a file made by the server; an error response becomes a `Problem`. */
import { problemOf, Problem } from './api.ts'

/** A question with personal data is sent by POST, because URLs are kept in logs and histories. */
export async function download(path: string, name: string, body?: object): Promise<void> {
  const headers: Record<string, string> = { 'accept-language': document.documentElement.lang }
  const init: RequestInit = { headers, signal: AbortSignal.timeout(downloadWithinMs) }
  if (body !== undefined) {
    init.method = 'POST'
    init.body = JSON.stringify(body)
    headers['content-type'] = 'application/json'
  }
  const response = await fetch(`/api${path}`, init).catch((cause: unknown) => {
    throw new Problem(0, 'network', cause instanceof Error ? cause.message : '')
  })
  if (!response.ok) throw await problemOf(response)
  saveFile(await response.blob(), name)
}

/** Hands a file to the browser, which saves it. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads the blob after the click.
  setTimeout(() => URL.revokeObjectURL(url), keptMs)
}

const downloadWithinMs = 60_000
const keptMs = 60_000
