/** Folders for recordings and their keys, marked as in use, which the test removes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'

export async function recordingPlace(t: Pick<Test, 'teardown'>) {
  const folder = mkdtempSync(join(tmpdir(), 'linia-recordings-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const place = { recordings: join(folder, 'recordings'), recordingKeys: join(folder, 'keys') }
  for (const one of Object.values(place)) mkdirSync(one)
  await writeMark(place.recordings, 'recordings')
  await writeMark(place.recordingKeys, 'keys')
  return place
}
