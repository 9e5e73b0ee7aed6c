/**
 * One fresh machine: an overlay on the bare Debian root, with its own mounts, processes, network and host name. All writes
 * are discarded with it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { must } from '../../src/stack/command.ts'
import { mirrorPort, mirrorUrl, registryUrl } from './mirror.ts'
import { Running, type Ended } from './running.ts'

export interface CommandOfMachine {
  /** A shell command line. */
  readonly line: string
  /** Default: root. */
  readonly user?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly withinMs?: number
}

const commandWithinMs = 600_000
const programs = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const upWithinMs = 10_000
/** Prefix of a command that must be killed when this process ends for any reason. */
const diesWithUs = ['--pdeathsig', 'KILL', '--']

export class Machine {
  readonly root: string
  readonly #dir: string
  readonly #holder: ChildProcess
  readonly #init: number
  #pidNamespace = ''
  readonly #socket: string
  #relay: ChildProcess | null = null
  #count = 0
  #record = ''

  private constructor(dir: string, holder: ChildProcess, init: number, socket: string) {
    this.#dir = dir
    this.root = join(dir, 'root')
    this.#holder = holder
    this.#init = init
    this.#socket = socket
  }

  /** @param socket the mirror's Unix socket. */
  static async start(base: string, folder: string, socket: string): Promise<Machine> {
    await mkdir(folder, { recursive: true })
    const dir = await mkdtemp(join(folder, `machine-${process.pid}-`))
    for (const name of ['upper', 'work', 'root']) await mkdir(join(dir, name))
    const apart = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child']
    const script = join(import.meta.dirname, 'init.sh')
    const holder = spawn('setpriv', [...diesWithUs, 'unshare', ...apart, 'sh', script, base, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await Promise.race([
        once(holder.stdout, 'data', { signal: AbortSignal.timeout(upWithinMs) }),
        once(holder, 'exit').then(() => Promise.reject(new Error('the machine did not start'))),
      ])
      const [init] = childrenOf(holder.pid ?? 0)
      if (init === undefined) throw new Error('the machine has no first process')
      const machine = new Machine(dir, holder, init, socket)
      machine.#pidNamespace = readlinkSync(`/proc/${init}/ns/pid`)
      await machine.#setUp()
      return machine
    } catch (error) {
      holder.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
      throw error
    }
  }

  /** Everything that its commands have printed. */
  get record(): string {
    return this.#record
  }

  async connect(): Promise<void> {
    if (this.#relay !== null) return
    const relay = join(import.meta.dirname, 'relay.ts')
    const network = ['nsenter', '-t', String(this.#init), '-n']
    const args = [...diesWithUs, ...network, process.execPath, relay, this.#socket, String(mirrorPort)]
    this.#relay = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    if (this.#relay.stdout !== null)
      await once(this.#relay.stdout, 'data', { signal: AbortSignal.timeout(upWithinMs) })
  }

  /** Removes every network except loopback. */
  async disconnect(): Promise<void> {
    const relay = this.#relay
    this.#relay = null
    if (relay === null) return
    const ended = once(relay, 'exit')
    relay.kill('SIGKILL')
    await ended
  }

  /** Starts a command in a session of its own, as at a terminal. */
  begin({ line, user = 'root', cwd = '/', env = {}, withinMs = commandWithinMs }: CommandOfMachine): Running {
    const group = `/run/fresh-${++this.#count}`
    const as = user === 'root' ? [] : ['setpriv', '--reuid', user, '--regid', user, '--init-groups']
    const home = user === 'root' ? '/root' : `/home/${user}`
    const inOwnGroup = `echo $$ > ${group}; cd "$1" || exit 1; shift; exec "$@"`
    const variables = { PATH: programs, HOME: home, USER: user, ...env }
    const words = [
      ...this.#enter(),
      'setsid',
      '--wait',
      'sh',
      '-c',
      inOwnGroup,
      'sh',
      cwd,
      'env',
      '-i',
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ...as,
      'sh',
      '-c',
      line,
    ]
    const child = spawn('nsenter', words, { stdio: ['ignore', 'pipe', 'pipe'] })
    const running = new Running((line) => this.sh(line), child, group, withinMs)
    void running.ended.then(({ said }) => (this.#record += said))
    return running
  }

  run(command: CommandOfMachine): Promise<Ended> {
    return this.begin(command).ended
  }

  /** Runs a short command of the test by root. @throws when it fails. */
  sh(line: string): Promise<string> {
    return must(line, 'nsenter', [...this.#enter(), 'sh', '-c', line])
  }

  /** Copies the present files of this checkout, committed or not, to a folder of the machine. */
  async copyCheckout(source: string, target: string, owner = 'root'): Promise<void> {
    const list = "git -c safe.directory='*' ls-files -z --cached --others --exclude-standard --deduplicate"
    const present = `${list} | xargs -0 sh -c 'for f do [ -e "$f" ] && printf "%s\\0" "$f"; done' sh`
    const copy = `mkdir -p "$2" && cd "$1" && ${present} | tar -c --null -T - | tar -x --no-same-owner -C "$2"`
    const inside = join(this.root, target)
    await must('Copying the checkout', 'nsenter', [
      '-t',
      String(this.#init),
      '-m',
      'sh',
      '-c',
      copy,
      'sh',
      source,
      inside,
    ])
    await this.sh(`chown -R ${owner}: "${target}"`)
  }

  /** Its processes without init. */
  processes(): readonly string[] {
    const own = readlinkSync(`/proc/${this.#init}/ns/pid`)
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name) || Number(name) === this.#init) return []
      try {
        if (readlinkSync(`/proc/${name}/ns/pid`) !== own) return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        // Skips init's sleep, and zombies, which have no command line.
        return command === '' || command === 'sleep infinity' ? [] : [command.slice(0, 120)]
      } catch {
        // The process has ended meanwhile.
        return []
      }
    })
  }

  /** Cleans up after a failed case. */
  async endProcesses(): Promise<void> {
    // The first process starts its sleep again.
    const others =
      'for d in /proc/[0-9]*; do p=${d#/proc/}; [ "$p" -gt 1 ] && [ "$p" != $$ ] && kill -9 "$p"; done'
    await this.sh(`${others} 2> /dev/null; true`)
  }

  /** Temporary folders left by Linia. */
  async temporaryFolders(): Promise<readonly string[]> {
    const names = await this.sh('ls -A /tmp /var/tmp')
    return names.split('\n').filter((name) => /^(linia|tmp\.)/.test(name))
  }

  /** Idempotent: ends all of its processes and removes its files. */
  async stop(): Promise<void> {
    await this.disconnect()
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) {
      const ended = once(this.#holder, 'exit')
      this.#holder.kill('SIGKILL')
      await ended
    }
    // Its mounts are gone with its last process. rm is several times as fast as Node at fifty thousand files.
    await must('Removing a machine', 'rm', ['-rf', this.#dir])
  }

  async #setUp(): Promise<void> {
    await this.sh('useradd --create-home --shell /bin/bash ana && chmod 700 /root')
    const proxy = `Acquire::http::Proxy "${mirrorUrl}";\nAcquire::https::Proxy "${mirrorUrl}";\n`
    const npm = `registry=${registryUrl}\nupdate-notifier=false\n`
    for (const [path, text] of [
      ['etc/apt/apt.conf.d/90mirror', proxy],
      // Its disk is thrown away: a sync for each unpacked file would only hold up the other tests.
      ['etc/dpkg/dpkg.cfg.d/90thrown-away', 'force-unsafe-io\n'],
      ['etc/npmrc', npm],
    ] as const) {
      // Written inside the namespace: changing the upper folder of a mounted overlay is undefined.
      const own = join(this.#dir, 'text')
      await writeFile(own, text)
      const target = join(this.root, path)
      const copy = `mkdir -p "${dirname(target)}" && cat "${own}" > "${target}"`
      await must('Setting up the machine', 'nsenter', ['-t', String(this.#init), '-m', 'sh', '-c', copy])
    }
  }

  /** @throws when the machine has ended, because its pid may belong to another process of this host by then. */
  #enter(): readonly string[] {
    if (readlinkSync(`/proc/${this.#init}/ns/pid`) !== this.#pidNamespace)
      throw new Error('the machine has ended')
    return [
      '-t',
      String(this.#init),
      '-m',
      '-p',
      '-n',
      '-u',
      '-i',
      `--root=${this.#inside()}`,
      `--wd=${this.#inside()}`,
    ]
  }

  /** The machine's root as the first process sees it. */
  #inside(): string {
    return `/proc/${this.#init}/root`
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

/** Removes the folders of killed runs. */
export async function removeLeftMachines(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const pid = /^machine-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(join(folder, name), { recursive: true, force: true })
  }
}
