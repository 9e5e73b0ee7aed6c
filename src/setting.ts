/** Reads and validates settings; all errors are reported together. */
import { isIP } from 'node:net'

export type Environment = Readonly<Record<string, string | undefined>>

/** Address and credentials of ARI or AMI. */
export interface Access {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** One wrong setting. `given` is null if it is missing, and masked for a secret. */
export interface WrongSetting {
  readonly name: string
  readonly given: string | null
  readonly accepted: string
}

/** All wrong settings together; the message has one line for each. */
export class WrongSettings extends Error {
  override name = 'WrongSettings'
  readonly wrong: readonly WrongSetting[]
  constructor(wrong: readonly WrongSetting[]) {
    const lines = wrong.map(
      (one) =>
        `  ${one.name}: ${one.given === null ? 'is missing' : one.given === '(hidden)' ? 'what is given is not accepted' : `"${one.given}" is not accepted`}; expected ${one.accepted}`,
    )
    super(
      `${wrong.length === 1 ? 'One setting is' : `${wrong.length} settings are`} wrong:\n${lines.join('\n')}`,
    )
    this.wrong = wrong
  }
}

/** Collects all errors, so that one start reports everything. */
export class Reader {
  readonly #env: Environment
  readonly #wrong = new Map<string, WrongSetting>()
  /** The settings read so far that the environment has, unparsed. */
  readonly given: Record<string, string> = {}
  readonly #secret = new Set<string>()

  constructor(env: Environment) {
    this.#env = env
  }

  optional<Value, Fallback>(name: string, kind: Kind<Value>, fallback: Fallback): Value | Fallback {
    // In a shell an empty variable means "unset".
    const given = this.#env[name] ?? ''
    if (given === '') return fallback
    this.given[name] = given
    if (kind.secret === true) this.#secret.add(name)
    const value = kind.parse(given)
    if (value !== undefined) return value
    this.wrong(name, kind.secret === true ? '(hidden)' : given, kind.accepted)
    return fallback
  }

  /** `given` without secrets. */
  plain(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.given).filter(([name]) => !this.#secret.has(name)))
  }

  /** A missing value is never used: `finish` throws first. */
  required<Value>(name: string, kind: Kind<Value>): Value {
    const value = this.optional(name, kind, null)
    if (value === null) this.wrong(name, null, kind.accepted)
    return value as Value
  }

  wrong(name: string, given: string | null, accepted: string): void {
    // The first error of a setting explains later ones.
    if (!this.#wrong.has(name)) this.#wrong.set(name, { name, given, accepted })
  }

  finish<Value extends object>(value: Value): Readonly<Value> {
    if (this.#wrong.size > 0) throw new WrongSettings([...this.#wrong.values()])
    return freeze(value)
  }
}

function freeze<Value extends object>(value: Value): Readonly<Value> {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part)
  return Object.freeze(value)
}

export interface Listener {
  readonly host: string
  readonly port: number
}

/** Rejects addresses that are valid one by one but conflict with each other. */
export function checkTogether(
  reader: Reader,
  {
    http,
    lan,
    tls,
    sip,
  }: {
    readonly http: Listener
    readonly lan: string | null
    readonly tls: object | null
    readonly sip: Listener
  },
): void {
  const everywhere = http.host === '0.0.0.0' || http.host === '::'
  if (lan !== null && (everywhere || http.host === lan))
    reader.wrong('HTTP_HOST', http.host, 'beside LAN an address for this machine alone, such as 127.0.0.1')
  if (lan !== null && reader.given['SIP_HOST'] !== undefined && sip.host !== lan)
    reader.wrong('SIP_HOST', sip.host, 'nothing beside LAN, where SIP listens then')
  /** The page of Caddy's local authority uses the next port. */
  const ports = lan !== null && tls === null ? [http.port, http.port + 1] : [http.port]
  if (ports.includes(65_536))
    reader.wrong(
      'HTTP_PORT',
      String(http.port),
      'at most 65534 beside LAN: the next one is for the certificate',
    )
  const oneHost = lan !== null || everywhere || http.host === sip.host
  if (oneHost && ports.includes(sip.port))
    reader.wrong(
      'SIP_PORT',
      String(sip.port),
      `another port than the screens have on the same address (${ports.join(' and ')})`,
    )
}

// ---- what is accepted ---------------------------------------------------------------------

/** Parses one setting; undefined: the text is not accepted. */
export interface Kind<Value> {
  readonly accepted: string
  readonly secret?: true
  readonly parse: (given: string) => Value | undefined
}

export const text: Kind<string> = { accepted: 'a text', parse: (given) => given }
export const folder: Kind<string> = {
  accepted: 'the absolute path of a folder',
  parse: (given) => (/^\/[^\0]+$/.test(given) ? given : undefined),
}
export const name: Kind<string> = {
  accepted: 'letters, digits, "-" and "_", at most 64',
  parse: (given) => (/^[\w-]{1,64}$/.test(given) ? given : undefined),
}
/** Begins every channel's id: without the separator, and no word with which the names of legs and rooms begin. */
export const pbxName: Kind<string> = {
  accepted: 'lower-case letters and digits, at most 16, not “leg”, “room”, “offer” or “bridge”',
  parse: (given) =>
    /^[a-z\d]{1,16}$/.test(given) && !/^(leg|room|offer|bridge)$/.test(given) ? given : undefined,
}
/** The city's own registration numbers look like `SC2019-24421/27.09.2019`. */
export const registrationPrefix: Kind<string> = {
  accepted: 'one to six capital letters A–Z',
  parse: (given) => (/^[A-Z]{1,6}$/.test(given) ? given : undefined),
}
export const port: Kind<number> = whole(1, 65_535)
export const address: Kind<string> = {
  // Offered to phones as the address for their audio.
  accepted: 'an IP address of this machine, not 0.0.0.0 or ::',
  parse: (given) => (isIP(given) === 0 || /^[0:.]+$/.test(given) ? undefined : given),
}
export const lanAddress: Kind<string> = {
  // SIP and ICE are configured for IPv4 only.
  accepted: 'the IPv4 address of this machine on the network, not 0.0.0.0',
  parse: (given) => (isIP(given) !== 4 || given === '0.0.0.0' ? undefined : given),
}
export const publicAddress: Kind<string> = {
  accepted: 'the IPv4 address under which the provider sees us, not 0.0.0.0',
  parse: lanAddress.parse,
}
export const recipient: Kind<string> = {
  accepted: 'a public key of age (age1…), or the absolute path of a file with one or more of them',
  // A private key here would be in every backup's manifest.
  parse: (given) => (/^age1[0-9a-z]+$/.test(given) || /^\/[^\0]+$/.test(given) ? given : undefined),
}
export const host: Kind<string> = { accepted: 'an IP address or a host name', parse: hostOf }
export const hostList: Kind<readonly string[]> = {
  accepted: 'IP addresses, networks (10.0.0.0/8) or host names, separated by commas',
  parse: (given) => {
    const hosts = given.split(',').map((one) => one.trim())
    return hosts.every((one) => hostOf(one) !== undefined || isNetwork(one)) ? hosts : undefined
  },
}
export const calledNumbers: Kind<readonly string[]> = {
  accepted: 'beginnings of numbers (+402) and whole short numbers (0219), separated by commas',
  parse: (given) => {
    const numbers = given.split(',').map((one) => one.trim())
    return numbers.every((one) => /^(?:\+[1-9]\d{0,14}|\d{3,6})$/.test(one)) ? numbers : undefined
  },
}
export const listener: Kind<Listener> = { accepted: 'host:port', parse: listenerOf }
export const secret: Kind<string> = {
  accepted: 'a random text of at least 32 characters',
  secret: true,
  parse: (given) => (given.length >= 32 ? given : undefined),
}
export const trunkRegister: Kind<string> = {
  accepted: 'sip:user:password@host[:port], the password without spaces and @ ; "',
  secret: true,
  // Accepts only what `asterisk/trunk.ts` can write into pjsip.conf.
  parse: (given) => {
    const [whole, host = '', portText = '5060'] =
      /^sip:[\w.+-]+:[^@\s;"]+@([\w.-]+)(?::(\d{1,5}))?$/.exec(given) ?? []
    return hostOf(host) === undefined || port.parse(portText) === undefined ? undefined : whole
  },
}
export const logLevel = oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
export const databaseUrl: Kind<string> = {
  accepted: 'postgres://user:password@host:port/database',
  secret: true,
  parse: (given) => (/^postgres(ql)?:\/\/\S+$/.test(given) ? given : undefined),
}
export const redisUrl: Kind<string> = {
  accepted: 'redis://[user:password@]host:port[/number] or rediss://…',
  secret: true,
  parse: (given) => (/^rediss?:\/\/\S+$/.test(given) ? given : undefined),
}
/** Personal data leaves this machine encrypted only. */
export const secureUrl: Kind<string> = {
  accepted:
    'https://host[:port]/path, without user and password (http:// on this machine alone: 127.0.0.1, ::1)',
  parse: (given) => {
    if (webUrl.parse(given) === undefined) return undefined
    const { protocol, hostname } = new URL(given)
    return protocol === 'https:' || /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname)
      ? given
      : undefined
  },
}
/** Credentials do not stand in addresses. */
export const webUrl: Kind<string> = {
  accepted: 'http://host[:port]/path or https://…, without user and password',
  parse: (given) => {
    if (!/^https?:\/\//.test(given) || !URL.canParse(given)) return undefined
    const { username, password, hash } = new URL(given)
    return username === '' && password === '' && hash === '' ? given : undefined
  },
}
export const webUrlList: Kind<readonly string[]> = {
  accepted: `${webUrl.accepted}, several separated by commas`,
  parse: (given) => (given.split(',').every((one) => webUrl.parse(one)) ? given.split(',') : undefined),
}
/** As Standard Webhooks writes one: 24 to 64 random bytes. */
export const webhookSecret: Kind<string> = {
  accepted: 'whsec_ and 24 to 64 random bytes in base64',
  secret: true,
  parse: (given) => {
    const bytes = /^whsec_((?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?)$/.exec(given)?.[1]
    const length = Buffer.from(bytes ?? '', 'base64').length
    return length >= 24 && length <= 64 ? given : undefined
  },
}
export const ariAccess = access('http', 8088)
export const amiAccess = access('ami', 5038)

export function whole(min: number, max: number): Kind<number> {
  return {
    accepted: `a whole number from ${min} to ${max}`,
    // Number() alone takes '', '0x10' and '1e3'; a setting is digits.
    parse: (given) => {
      const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
      return number >= min && number <= max ? number : undefined
    },
  }
}

export function millis(min: number, max: number): Kind<number> {
  return { ...whole(min, max), accepted: `whole milliseconds from ${min} to ${max}` }
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return { accepted: words.join(' or '), parse: (given) => words.find((word) => word === given) }
}

function access(scheme: 'http' | 'ami', portByDefault: number): Kind<Access> {
  return {
    accepted: `${scheme}://user:password@host:port`,
    secret: true,
    parse: (given) => {
      const parts = new RegExp(`^${scheme}://([^\\s:@/]+):([^\\s:@/]+)@([\\w.-]+)(?::(\\d{1,5}))?/?$`).exec(
        given,
      )
      if (parts === null) return undefined
      const [, user = '', password = '', host = '', portText] = parts
      const accessPort = portText === undefined ? portByDefault : port.parse(portText)
      if (accessPort === undefined) return undefined
      return {
        host,
        port: accessPort,
        user: unescaped(user),
        password: unescaped(password),
      }
    },
  }
}

/** Decodes %XX as in a URL; any other "%" is kept. */
function unescaped(part: string): string {
  return part.replace(/%[\da-f]{2}/gi, (escape) => String.fromCodePoint(Number.parseInt(escape.slice(1), 16)))
}

function listenerOf(given: string): Listener | undefined {
  const [, host = '', portText = ''] = /^(.+):(\d{1,5})$/.exec(given) ?? []
  const parsed = port.parse(portText)
  return hostOf(host) === undefined || parsed === undefined ? undefined : { host, port: parsed }
}

/** A name's last label is no number: 127.0.0.300 is a mistyped address. */
function hostOf(given: string): string | undefined {
  const isName =
    /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(given) &&
    !/(^|\.)\d+$/.test(given)
  return isIP(given) !== 0 || isName ? given : undefined
}

/** `10.0.0.0/8`. */
export function isNetwork(given: string): boolean {
  const [, base = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(given) ?? []
  const family = isIP(base)
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)
}
