/** A browser as the server sees one: it keeps its cookies, and shows the host that it was told to open. */
import { password, type Answer, type Served } from '../serve.ts'

export class Browser {
  readonly #served: Served
  readonly #host: string | null
  readonly #cookies = new Map<string, string>()

  constructor(served: Served, host: string | null = null) {
    this.#served = served
    this.#host = host
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async ask(method: string, path: string, body?: unknown, from?: string): Promise<Answer> {
    const { cookie } = this
    const headers = {
      ...(from !== undefined && { 'x-forwarded-for': from }),
      ...(this.#host !== null && { 'x-forwarded-host': this.#host }),
    }
    const answer = await this.#served.ask(method, path, { as: cookie, body, headers })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      this.#cookies.set(name, value)
    }
    return answer
  }

  /** What the owner sees of their access. A refusal is told in its own words, not as a field that is missing. */
  async access(): Promise<Answer['json']> {
    const { status, text, json } = await this.ask('GET', '/api/me/access')
    if (status !== 200) throw new Error(text)
    return json
  }

  copy(): Browser {
    const other = new Browser(this.#served, this.#host)
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value)
    return other
  }

  signIn(username: string, code?: string, from?: string): Promise<Answer> {
    return this.ask('POST', '/api/session', { username, password, ...(code !== undefined && { code }) }, from)
  }
}
