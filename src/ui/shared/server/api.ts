/** The JSON API over HTTP. An error response becomes a `Problem` (RFC 9457), which the screens translate. */

export interface WrongField {
  readonly field: string
  readonly accepted: string
}

export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  /** The stable code that the screens translate; `network` when there was no response. */
  readonly code: string
  readonly detail: string
  /** The invalid fields, each with the accepted values. */
  readonly errors: readonly WrongField[]
  constructor(status: number, code: string, detail: string, errors: readonly WrongField[] = []) {
    super(`${status} ${code}`)
    this.errors = errors
    this.status = status
    this.code = code
    this.detail = detail
  }
}

const listeners = new Set<(problem: Problem) => void>()

/** Subscribes to every error response of any request; returns the function that unsubscribes. */
export function onProblem(listener: (problem: Problem) => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The bound on a request, after which the screen reports that the server does not respond. */
const answerWithinMs = 10_000
/** Of one with a sound: the server takes a request for half a minute, music on a slow line, and speaks for some seconds. */
const soundWithinMs = 45_000

/** `keepalive`: the request outlives the page; browsers allow 64 KB of such requests in total. `isSound`: it may take longer. */
interface ApiOptions {
  readonly keepalive?: boolean
  readonly isSound?: boolean
}

export async function api<Answer>(
  method: Method,
  path: string,
  body?: object,
  options: ApiOptions = {},
): Promise<Answer> {
  const text = await (await answerOf(method, path, body, options)).text()
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

/** A file that the server makes, such as a sound. */
export async function apiBlob(method: Method, path: string, body?: object): Promise<Blob> {
  return (await answerOf(method, path, body, { isSound: true })).blob()
}

async function answerOf(
  method: Method,
  path: string,
  body: object | undefined,
  { keepalive = false, isSound = false }: ApiOptions,
): Promise<Response> {
  // Error texts of the server come in the language of the screen, not of the browser.
  const headers: Record<string, string> = { 'accept-language': document.documentElement.lang }
  const signal = AbortSignal.timeout(isSound ? soundWithinMs : answerWithinMs)
  const init: RequestInit = { method, headers, keepalive, signal }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    headers['content-type'] = 'application/json'
  }
  const response = await fetch(`/api${path}`, init).catch((cause: unknown) => {
    throw new Problem(0, 'network', cause instanceof Error ? cause.message : '')
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

/** The server's error for a URL that a media element could not play; null if there is none. */
export async function refusalOf(url: string): Promise<Problem | null> {
  try {
    const headers = { range: 'bytes=0-0', 'accept-language': document.documentElement.lang }
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(answerWithinMs) })
    if (!response.ok) return await problemOf(response)
    await response.body?.cancel()
    return null
  } catch (cause) {
    return new Problem(0, 'network', cause instanceof Error ? cause.message : '')
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  const body = response.headers.get('content-type')?.includes('json') === true ? parseBody(text) : {}
  const code = body.code ?? (response.status >= 500 ? 'server' : `status ${response.status}`)
  const problem = new Problem(response.status, code, body.detail ?? body.title ?? '', body.errors ?? [])
  for (const listener of listeners) listener(problem)
  return problem
}

interface ProblemBody {
  readonly code?: string
  readonly detail?: string
  readonly title?: string
  readonly errors?: readonly WrongField[]
}

function parseBody(text: string): ProblemBody {
  try {
    return JSON.parse(text) as ProblemBody
  } catch {
    // A proxy's error page may claim to be JSON; then only the status is used.
    return {}
  }
}
