/** A copy of the tree in which source is broken and tests run, so that the working tree stays as it is. */
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { heldCluster } from '../../test/support/cluster.ts'
import { mutated, type Mutant } from './mutants-of.ts'

type Postgres = typeof import('../../test/support/postgres.ts')

/** Written by programs, or linked. */
const notCopied: ReadonlySet<string> = new Set(['node_modules', 'var', 'dist', '.git', '.tap'])

export class Sandbox {
  readonly root: string
  /** Environment of the tests that run in it. */
  readonly env: NodeJS.ProcessEnv
  readonly #dropDatabases: () => Promise<void>
  readonly #teardowns: readonly (() => unknown)[]

  private constructor(
    root: string,
    env: NodeJS.ProcessEnv,
    dropDatabases: () => Promise<void>,
    teardowns: readonly (() => unknown)[],
  ) {
    this.root = root
    this.env = env
    this.#dropDatabases = dropDatabases
    this.#teardowns = teardowns
  }

  /** Copies a tree into a new folder of `folder`, and starts a PostgreSQL there. */
  static async make(tree: string, folder: string, number: number): Promise<Sandbox> {
    // The name is short: sockets of services are inside, and the path of a socket has at most 107 bytes.
    const root = join(folder, `${process.pid}-${number}`)
    await mkdir(root, { recursive: true })
    for (const name of await readdir(tree))
      if (!notCopied.has(name)) await cp(join(tree, name), join(root, name), { recursive: true })
    await symlink(join(tree, 'node_modules'), join(root, 'node_modules'))
    const postgres = (await import(pathToFileURL(join(root, 'test/support/postgres.ts')).href)) as Postgres
    const teardowns: (() => unknown)[] = []
    const { adminUrl } = postgres.testCluster({ teardown: (leave) => void teardowns.push(leave) })
    const env = { ...process.env, [heldCluster]: adminUrl }
    const dropDatabases = (): Promise<void> => dropTestDatabases(postgres, adminUrl)
    const sandbox = new Sandbox(root, env, dropDatabases, teardowns)
    try {
      // The template of the databases is made before any code is broken.
      await inTest((t) => postgres.testDatabase(t))
    } catch (error) {
      await sandbox.remove()
      throw error
    }
    return sandbox
  }

  async withMutant<Value>(mutant: Mutant, work: () => Promise<Value>): Promise<Value> {
    const path = join(this.root, mutant.file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, mutated(text, mutant))
    try {
      return await work()
    } finally {
      await writeFile(path, text)
    }
  }

  /** Drops the databases of test files that ended before their teardown. */
  async dropLeft(): Promise<void> {
    await this.#dropDatabases()
  }

  async remove(): Promise<void> {
    for (const leave of this.#teardowns) await leave()
    await rm(this.root, { recursive: true, force: true })
  }
}

/** Removes the sandboxes of runs that were killed. */
export async function removeDeadSandboxes(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const name of await readdir(folder)) {
    const pid = /^(\d+)-\d+$/.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function inTest(
  work: (t: { teardown(leave: () => unknown): void }) => Promise<unknown>,
): Promise<void> {
  const teardowns: (() => unknown)[] = []
  try {
    await work({ teardown: (leave) => void teardowns.push(leave) })
  } finally {
    for (const leave of teardowns) await leave()
  }
}

async function dropTestDatabases(postgres: Postgres, adminUrl: string): Promise<void> {
  const admin = postgres.openTestDatabase(adminUrl)
  try {
    const found = await sql<{ name: string }>`
      select datname as name from pg_database where datname ~ '^t[0-9a-f]{12}$'`.execute(admin)
    for (const { name } of found.rows)
      await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin)
  } finally {
    await admin.destroy()
  }
}
