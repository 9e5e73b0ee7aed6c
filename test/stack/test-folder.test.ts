/** The folders of `make test`'s runs. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { makeRunFolder, removeRunFolder } from '../support/run/folder.ts'
import { mountDisk, withDisks } from './backup/disks.ts'

/** Greater than any process id of Linux. */
const noProcess = 999_999_999

t.test(
  'a run removes what killed runs have left, and no folder of a run that lives',
  withDisks,
  async (t) => {
    const { TMPDIR } = process.env
    const parent = mkdtempSync(join(tmpdir(), 'linia-folders-'))
    t.teardown(() => {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
      rmSync(parent, { recursive: true, force: true })
    })
    process.env['TMPDIR'] = parent
    const [left, other] = [join(parent, `linia-test-run-${noProcess}-abc`), join(parent, 'other')]
    const disk = join(left, 'disk')
    for (const folder of [disk, other]) mkdirSync(folder, { recursive: true })
    mountDisk(t, disk)
    writeFileSync(join(disk, 'file'), '')
    const living = await makeRunFolder(String(process.pid))
    t.notOk(existsSync(left), 'with the disk that is mounted in it')
    t.ok(existsSync(other))
    await makeRunFolder(String(process.pid))
    t.ok(existsSync(living))
    process.env['TMPDIR'] = living
    removeRunFolder('1')
    t.ok(existsSync(living), 'not by a process of another run')
    removeRunFolder(String(process.pid))
    t.notOk(existsSync(living))
  },
)
