/** A small process, like the one in which the product compresses; prints the processor seconds of a recording. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { compress } from '../../../src/jobs/recordings/compress.ts'
import { doneFolder } from '../../../src/jobs/recordings/folder-name.ts'
import { alawEnd } from '../../../src/ledger/recordings/alaw-wav.ts'
import { keyOf } from '../../../src/ledger/recordings/keys.ts'
import { unlessMissing } from '../../../src/missing-file.ts'
import { sealedEnd, sealFile, sealKeyBytes } from '../../../src/ledger/recordings/sealed-file.ts'

const sampleMax = 50
const boundMs = 60_000

/** Processor seconds of a recording, the mean of some of those that are there, as the product compresses and seals them; NaN: none is there. */
async function compressionSeconds(place: {
  readonly recordings: string
  readonly recordingKeys: string
}): Promise<number> {
  const done = join(place.recordings, doneFolder)
  const names = (await readdir(done, { recursive: true }).catch(unlessMissing)) ?? []
  const sample = names.filter((name) => name.endsWith(`${alawEnd}${sealedEnd}`)).slice(0, sampleMax)
  const folder = await mkdtemp(join(tmpdir(), 'linia-bench-'))
  let seconds = 0
  let compressed = 0
  try {
    for (const name of sample) {
      const file = join(doneFolder, name)
      const key = await keyOf(place.recordingKeys, file)
      if (key === null) throw new Error(`${basename(dirname(name))}/${basename(name)} has no key`)
      const mp3 = join(folder, `${compressed}.mp3`)
      const before = await usedSeconds()
      await compress(join(place.recordings, file), key.toString('hex'), mp3, boundMs)
      await sealFile(mp3, `${mp3}${sealedEnd}`, randomBytes(sealKeyBytes))
      seconds += (await usedSeconds()) - before
      compressed += 1
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return seconds / compressed
}

const ticksPerSecond = 100

/** Of this process and its ended children. */
async function usedSeconds(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const children = (Number(fields[13]) + Number(fields[14])) / ticksPerSecond
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + children
}

const [recordings = '', recordingKeys = ''] = process.argv.slice(2)
console.log(await compressionSeconds({ recordings, recordingKeys }))
