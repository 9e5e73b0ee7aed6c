/** The manifest of a backup, and the checksums of its files, in plain and encrypted. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import {
  checkFiles,
  copyFile,
  manifestName,
  readManifest,
  writeManifest,
  type KeptFile,
} from '../../../src/stack/backup/manifest.ts'

t.test(
  'a file with one other byte, one less or one more is refused, also where it is encrypted',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'linia-files-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const identity = join(folder, 'key')
    const [recipient = ''] =
      /age1[0-9a-z]+/.exec(spawnSync('age-keygen', ['-o', identity], { encoding: 'utf8' }).stderr) ?? []
    const source = join(folder, 'source')
    writeFileSync(source, 'a call of 0722000961\n')
    const files: KeptFile[] = []
    for (const [path, to] of [
      ['anchor/2026-11-24.heads', null],
      ['database.dump.age', recipient],
      ['recordings/done/one.mp3.sealed', null],
      ['cel/cel.csv.age', recipient],
    ] as const)
      files.push({ path, ...(await copyFile(source, join(folder, path), to)) })
    await checkFiles(folder, { files })
    for (const { path } of files) {
      const file = join(folder, path)
      const good = readFileSync(file)
      const other = Buffer.from(good)
      other.writeUInt8(other.readUInt8(good.length - 1) ^ 1, good.length - 1)
      for (const bad of [other, good.subarray(1), Buffer.concat([good, good.subarray(0, 1)])]) {
        writeFileSync(file, bad)
        await t.rejects(checkFiles(folder, { files }), {
          name: 'UserError',
          message: `In the backup ${path} is damaged. Nothing was restored.`,
        })
      }
      rmSync(file)
      await t.rejects(checkFiles(folder, { files }), {
        message: `The backup lacks ${path}. Nothing was restored.`,
      })
      writeFileSync(file, good)
    }
    await checkFiles(folder, { files })
  },
)

t.test('a manifest is taken whole and by its digest, or not at all', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'linia-files-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const manifest = {
    format: 2 as const,
    madeAt: '2026-11-24T12:00:00.000Z',
    postgresql: 17,
    rolePrefix: 'linia',
    migrations: [],
    calls: 0,
    recordings: 0,
    missing: [],
    settings: {},
    files: [],
  }
  const digest = await writeManifest(folder, manifest)
  t.strictSame(await readManifest(folder, digest), manifest)
  const other = await writeManifest(folder, { ...manifest, calls: 1 })
  const refused = { name: 'UserError', message: /manifest\.json has another SHA-256 than --digest/ }
  await t.rejects(readManifest(folder, digest), refused)
  const file = join(folder, manifestName)
  writeFileSync(file, readFileSync(file).subarray(0, -20))
  await t.rejects(readManifest(folder, other), refused)
  rmSync(file)
  await t.rejects(readManifest(folder, digest), { message: /holds no finished backup/ })
})
