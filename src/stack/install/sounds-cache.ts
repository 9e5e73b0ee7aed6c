/**
 * Cache of generated prompts beside the unpacked Asterisk: they are the same for every checkout of a user and take
 * seconds to generate. `asterisk/config/sounds.ts` decides which are outdated.
 */
import { existsSync } from 'node:fs'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { madeIn, madeList } from '../../asterisk/config/heard-sounds.ts'
import { cacheFolder } from './asterisk-tree.ts'

/** Called before the layout: copies cached prompts into a new folder. */
export async function fetchSounds(soundsDir: string, cache = join(cacheFolder(), 'sounds')): Promise<void> {
  const made = madeIn(soundsDir)
  if (existsSync(join(made, madeList)) || !existsSync(join(cache, madeList))) return
  try {
    await cp(cache, made, { recursive: true })
  } catch {
    // Another start was replacing the cache; the prompts are generated again.
    await rm(made, { recursive: true, force: true })
  }
}

/** Called after the layout. The cache never has the recordings that one city has published. */
export async function keepSounds(soundsDir: string, cache = join(cacheFolder(), 'sounds')): Promise<void> {
  const made = madeIn(soundsDir)
  if ((await listIn(made)) === (await listIn(cache))) return
  const half = `${cache}.${process.pid}`
  try {
    await cp(made, half, { recursive: true })
    await rm(cache, { recursive: true, force: true })
    await rename(half, cache)
  } catch {
    // Without a cache (full disk, concurrent start) the next start only takes longer.
    await rm(half, { recursive: true, force: true })
  }
}

async function listIn(folder: string): Promise<string> {
  const path = join(folder, madeList)
  return existsSync(path) ? readFile(path, 'utf8') : ''
}
