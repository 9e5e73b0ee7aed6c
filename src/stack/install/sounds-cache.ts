/**
 * Generated prompts are the same for every checkout of a user, and making them takes seconds: they are
 * kept beside the unpacked Asterisk. `asterisk/sounds.ts` still decides which are out of date.
 */
import { existsSync } from 'node:fs'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from './asterisk-tree.ts'

const list = 'made.json'

/** Before the layout: a new folder begins with the prompts that are already made. */
export async function fetchSounds(soundsDir: string, cache = join(cacheFolder(), 'sounds')): Promise<void> {
  if (existsSync(join(soundsDir, list)) || !existsSync(join(cache, list))) return
  try {
    await cp(cache, soundsDir, { recursive: true })
  } catch {
    // Another start was replacing them: ours are made anew.
    await rm(soundsDir, { recursive: true, force: true })
  }
}

/** After the layout. */
export async function keepSounds(soundsDir: string, cache = join(cacheFolder(), 'sounds')): Promise<void> {
  if ((await listIn(soundsDir)) === (await listIn(cache))) return
  const half = `${cache}.${process.pid}`
  try {
    await cp(soundsDir, half, { recursive: true })
    await rm(cache, { recursive: true, force: true })
    await rename(half, cache)
  } catch {
    // Without a cache (a full disk, another start at the same moment) the next start takes longer, no more.
    await rm(half, { recursive: true, force: true })
  }
}

async function listIn(folder: string): Promise<string> {
  const path = join(folder, list)
  return existsSync(path) ? readFile(path, 'utf8') : ''
}
