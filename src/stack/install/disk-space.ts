/** Checks the free disk space before a start: on a full disk each part would fail with a different message. */
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Settings } from '../../config.ts'
import { cacheFolder, findAsterisk } from './asterisk-tree.ts'

const mb = 1024 * 1024
/** A new database with its write-ahead log, the prompts and the demo's people; later starts need space for a day. */
const firstStartMb = 300
const laterStartMb = 50
/** Asterisk's packages and their unpacked tree. */
const asteriskMb = 700

/** One sentence for each folder without enough space. */
export async function whyNoSpace({ paths, given }: Settings): Promise<readonly string[]> {
  const isFirst = given.databaseUrl === null && !existsSync(join(paths.var, 'postgres/data'))
  const needs = [{ folder: paths.var, needsMb: isFirst ? firstStartMb : laterStartMb }]
  if (given.ari === null && (await findAsterisk()) === null)
    needs.push({ folder: cacheFolder(), needsMb: asteriskMb })
  const sentences: string[] = []
  for (const { folder, needsMb } of needs) {
    const freeMb = await freeMbIn(folder)
    if (freeMb < needsMb)
      sentences.push(`Only ${freeMb} MB are free where ${folder} lies; Linia needs ${needsMb} MB there.`)
  }
  return sentences
}

/** Free space of the file system that contains the folder, or will contain it. */
async function freeMbIn(folder: string): Promise<number> {
  if (!existsSync(folder) && dirname(folder) !== folder) return freeMbIn(dirname(folder))
  const { bavail, bsize } = await statfs(folder)
  return Math.floor((bavail * bsize) / mb)
}
