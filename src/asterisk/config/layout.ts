/**
 * Writes everything that one Asterisk needs below one folder, from the templates in `asterisk-conf/`, and returns the
 * command that starts it in the foreground. A repetition refreshes the configuration and keeps registrations,
 * generated phones and opening windows.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AnswerAt } from '../../core/configuration/schema.ts'
import type { PbxName } from '../../core/ids.ts'
import type { Rules } from '../../core/rules.ts'
import { nobodyBlocked } from '../security/blocklist.ts'
import type { Speech } from '../speech/speech.ts'
import { callableFile } from './callable-file.ts'
import { noContacts } from './contacts-file.ts'
import { noMusicClasses } from './music-classes.ts'
import { firstNumbers } from './numbers-file.ts'
import { noPhones } from './phones-file.ts'
import { celColumns } from './cel-columns.ts'
import { writeSecret } from './secret-file.ts'
import { dialplanFolder } from './dialplan-digest.ts'
import { dictatedIn } from '../prompts/dictations.ts'
import { makeSounds } from './sounds.ts'
import { trunkSettings } from './trunk-file.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

export interface AsteriskOptions {
  /** Configuration, state, spool, log, run and sounds all live below it. Absolute. */
  readonly dir: string
  /** Root of an unpacked Debian tree, or null for the system's Asterisk. */
  readonly tree: string | null
  readonly name: PbxName
  readonly sip: Address
  /** ARI and the phones' WebSocket; the front passes `/sip` on to `/ws` there. */
  readonly http: Address
  readonly ami: Address
  readonly rtp: { readonly from: number; readonly to: number }
  /** Addresses (or host names, or networks) from which the provider calls. */
  readonly trunkHosts: readonly string[]
  /** `sip:user:password@host[:port]`, for a provider that requires a registration. */
  readonly trunkRegister: string | null
  /** The address on the city's network; SIP and RTP are then bound there instead of `sip.host`. */
  readonly lan: string | null
  /** The public address of `lan` or `sip` behind NAT; null: there is no NAT. */
  readonly sipPublic?: string | null
  /** Hosts there get our own address instead of the public one; default: the private networks. */
  readonly localNetworks?: readonly string[]
  readonly secrets: {
    readonly ariUser: string
    readonly ariPassword: string
    readonly amiUser: string
    readonly amiPassword: string
  }
  /** Holds a folder for each call, with one for each agent's leg: `caller.wav`, `agent.wav`. */
  readonly recordings: string
  /** `queue` (the default): answered on arrival; `agent`: early media until an agent answers. */
  readonly answer?: AnswerAt
  /** The ACD's bounds, which the fallback queue observes as well, and Asterisk's own (`maxcalls`). */
  readonly bounds?: Bounds
  /** The numbers that agents may call (`CallOutRules`) until the application has written others; default: none. */
  readonly callable?: readonly string[]
  /** False for a standby: it has no SIP address, and does not register with the provider. */
  readonly serves?: boolean
  /** For a standby: the Asterisk that it may replace, whose prompts, CEL and generated files it shares. */
  readonly standsByFor?: Pick<AsteriskLayout, 'etcDir' | 'soundsDir' | 'celFile'>
  /** Studio recordings (`<prompt>.wav`) that replace generated speech; default `<dir>/studio`. */
  readonly studio?: string
  /** The machine's voice; default: espeak-ng. */
  readonly speech?: Speech
}

type Bounds = Pick<Rules, 'lineLengthMax' | 'waitMaxMs' | 'closingGraceMs'> & { readonly callsMax: number }
/** The defaults of the settings. */
const usualBounds: Bounds = {
  lineLengthMax: 100,
  waitMaxMs: 3_600_000,
  closingGraceMs: 1_800_000,
  callsMax: 1_000,
}

export interface AsteriskLayout {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly celFile: string
  readonly etcDir: string
  /** The prompts' folder (`AsteriskPbxOptions`). */
  readonly soundsDir: string
  /** Folders that Asterisk writes to; all others are read-only for it. */
  readonly writes: readonly string[]
}

const templates = fileURLToPath(new URL('../../../asterisk-conf/', import.meta.url))

export async function layOutAsterisk(options: AsteriskOptions): Promise<AsteriskLayout> {
  const at = (name: string) => join(options.dir, name)
  const etc = at('etc')
  const { standsByFor, serves = true } = options
  const sounds = standsByFor?.soundsDir ?? at('sounds')
  const celFile = standsByFor?.celFile ?? join(at('log'), 'cel.csv')
  const shared = standsByFor?.etcDir ?? etc
  const studio = options.studio ?? at('studio')
  const writes = [
    ...['state', 'spool', 'run', 'log'].map(at),
    dirname(celFile),
    options.recordings,
    dictatedIn(sounds),
  ]
  for (const folder of [etc, at('state/keys'), studio, ...writes])
    await mkdir(folder, { recursive: true, mode: 0o750 })
  if (standsByFor === undefined) await makeSounds(sounds, studio, options.speech)

  const program = programOf(options.tree)
  const mediaHost = options.lan ?? options.sip.host
  const { lineLengthMax, waitMaxMs, closingGraceMs, callsMax } = options.bounds ?? usualBounds
  const values: Record<string, string> = {
    etc,
    shared,
    sounds,
    dialplan: dialplanFolder,
    modules: program.modules,
    share: program.share,
    state: at('state'),
    spool: at('spool'),
    run: at('run'),
    log: at('log'),
    music: join(sounds, 'music'),
    recordings: options.recordings,
    answer: options.answer ?? 'queue',
    lineLengthMax: String(lineLengthMax),
    callsMax: String(callsMax),
    waitMaxS: String(Math.ceil(waitMaxMs / 1000)),
    closingGraceS: String(Math.ceil(closingGraceMs / 1000)),
    name: options.name,
    celFile,
    celColumns: celColumns.join(','),
    sipHost: mediaHost,
    sipPort: String(options.sip.port),
    sipPublic: behindNat(options),
    mediaHost,
    httpHost: options.http.host,
    httpPort: String(options.http.port),
    amiHost: options.ami.host,
    amiPort: String(options.ami.port),
    rtpFrom: String(options.rtp.from),
    rtpTo: String(options.rtp.to),
    // On the city's network browsers may be offered that address only.
    ice: options.lan === null ? '' : `ice_deny = 0.0.0.0/0\nice_deny = ::/0\nice_permit = ${options.lan}/32`,
    // Of the endpoint for blocked addresses: a random password that is stored nowhere else.
    blockedPassword: randomBytes(24).toString('base64url'),
    ...trunkSettings(options.trunkHosts, options.trunkRegister),
    ...options.secrets,
  }
  for (const file of await readdir(templates)) {
    if (!file.endsWith('.conf')) continue
    const isEmpty = file === 'pjsip-service.conf' && !serves
    const template = isEmpty ? '' : await readFile(join(templates, file), 'utf8')
    await writeSecret(join(etc, file), fill(file, template, values))
  }
  await writeOnce(join(shared, 'phones.conf'), noPhones)
  await writeOnce(join(shared, 'blocked.conf'), nobodyBlocked)
  await writeOnce(join(shared, 'numbers.conf'), firstNumbers)
  await writeOnce(join(shared, 'contacts.conf'), noContacts)
  await writeOnce(join(shared, 'music.conf'), noMusicClasses)
  await writeOnce(join(shared, 'callable.conf'), callableFile(options.callable ?? []))

  return {
    command: program.command,
    args: [...program.args, '-C', join(etc, 'asterisk.conf'), '-f'],
    // STRFTIME's epoch is computed through local time, which is ambiguous when summer time ends.
    env: { TZ: 'UTC' },
    celFile,
    etcDir: etc,
    soundsDir: sounds,
    writes,
  }
}

/** RFC 1918 and this machine. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8']

/** A transport's settings behind NAT; the router must not change ports. */
function behindNat({ sipPublic = null, localNetworks = privateNetworks }: AsteriskOptions): string {
  if (sipPublic === null) return ''
  return [
    `external_signaling_address = ${sipPublic}`,
    `external_media_address = ${sipPublic}`,
    ...localNetworks.map((network) => `local_net = ${network}`),
  ].join('\n')
}

/** Replaces every `{{name}}`; throws for one without a value. */
function fill(file: string, template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`asterisk-conf/${file} asks for an unknown value: ${name}`)
    return value
  })
}

async function writeOnce(path: string, text: string): Promise<void> {
  if (!existsSync(path)) await writeSecret(path, text)
}

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly modules: string
  readonly share: string
}

const triples: Readonly<Record<string, { triple: string; loader: string }>> = {
  x64: { triple: 'x86_64-linux-gnu', loader: 'lib64/ld-linux-x86-64.so.2' },
  arm64: { triple: 'aarch64-linux-gnu', loader: 'lib/ld-linux-aarch64.so.1' },
}

/** An unpacked tree runs without chroot, through its own loader and libraries. */
export function programOf(tree: string | null): Program {
  const machine = triples[process.arch]
  if (machine === undefined) throw new Error(`No Asterisk is known for a ${process.arch} processor.`)
  const root = tree ?? ''
  const libraries = `${root}/usr/lib/${machine.triple}`
  const modules = [`${libraries}/asterisk/modules`, `${root}/usr/lib/asterisk/modules`].find(existsSync)
  if (modules === undefined) throw new Error(`There is no Asterisk under ${tree ?? 'this system'}.`)
  const share = `${root}/usr/share/asterisk`
  if (tree === null) return { command: '/usr/sbin/asterisk', args: [], modules, share }
  return {
    command: `${root}/${machine.loader}`,
    args: ['--library-path', libraries, `${root}/usr/sbin/asterisk`],
    modules,
    share,
  }
}
