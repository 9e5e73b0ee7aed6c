/**
 * A folder of sounds that Asterisk plays, with its dialplan or for the application: the fixed prompts' one, and the texts' one. It has
 * each sound under one name, a copy of the first of these that exists:
 *
 *   recorded/<name>.wav  published by an administrator; kept here while PostgreSQL is away, and over a restart
 *   made/<name>.wav      made at the start (`sounds.ts`), or when a text is published (`text-sounds.ts`)
 */
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { unlessMissing } from '../../missing-file.ts'

export const madeIn = (soundsDir: string): string => join(soundsDir, 'made')
export const recordedIn = (soundsDir: string): string => join(soundsDir, 'recorded')

/** In the folder of what is made: of each sound what it was made from. */
export const madeList = 'made.json'
/** The line's waiting music, without its end. */
export const musicFile = 'music/waiting'
/** The mark of a sound that is the studio's. */
export const ofStudio = 'studio'

export async function madeSounds(soundsDir: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(madeIn(soundsDir), madeList), 'utf8').catch(unlessMissing)
  try {
    return text === undefined ? {} : (JSON.parse(text) as Record<string, string>)
  } catch {
    // Not a whole one, of a start that was interrupted: the sounds are made anew.
    return {}
  }
}

export async function keepMadeSounds(
  soundsDir: string,
  made: Readonly<Record<string, string>>,
): Promise<void> {
  await replaceFile(join(madeIn(soundsDir), madeList), Buffer.from(JSON.stringify(made)))
}

/**
 * A sound that is heard; nothing is written when it is as it should be. It is compared again after it was written: a recording may
 * have been published, or a text's sound made, meanwhile.
 */
export async function placeSound(soundsDir: string, name: string): Promise<void> {
  const file = `${name}.wav`
  const target = join(soundsDir, file)
  for (;;) {
    const source =
      (await bytesOf(join(recordedIn(soundsDir), file))) ?? (await bytesOf(join(madeIn(soundsDir), file)))
    if (source === undefined || (await bytesOf(target))?.equals(source) === true) return
    await replaceFile(target, source)
  }
}

/** A sound that was written to `from` is the made one. */
export async function takeMade(soundsDir: string, name: string, from: string): Promise<void> {
  await chmod(from, fileMode)
  await rename(from, join(madeIn(soundsDir), `${name}.wav`))
  await placeSound(soundsDir, name)
}

/** The sound that is heard instead of the made one; null: the made one again, or none where none was made. */
export async function replaceRecorded(
  soundsDir: string,
  name: string,
  sound: Uint8Array | null,
): Promise<void> {
  const file = join(recordedIn(soundsDir), `${name}.wav`)
  if (sound === null) {
    // First, or a failure in between would leave the recording as if it had been made.
    if (!existsSync(join(madeIn(soundsDir), `${name}.wav`)))
      await rm(join(soundsDir, `${name}.wav`), { force: true })
    await rm(file, { force: true })
  } else {
    await makeFolder(soundsDir)
    await keepGiven(soundsDir, name)
    await makeFolder(recordedIn(soundsDir))
    await replaceFile(file, sound)
  }
  await placeSound(soundsDir, name)
}

/**
 * The city's own Asterisk has a sound that no start has made, and folders of earlier versions have texts' sounds beside no `made/`: the
 * one to go back to. It is kept once: of two nodes that share the folder, the second may read what the first has published already.
 */
export async function keepGiven(soundsDir: string, name: string): Promise<void> {
  const file = `${name}.wav`
  const kept = join(madeIn(soundsDir), file)
  if (existsSync(kept) || existsSync(join(recordedIn(soundsDir), file))) return
  const given = await bytesOf(join(soundsDir, file))
  if (given === undefined || (await isLineMusic(join(soundsDir, file)))) return
  await makeFolder(madeIn(soundsDir))
  const half = await writeHalf(kept, given)
  try {
    await link(half, kept)
  } catch (error) {
    if (!existsSync(kept)) throw error
  } finally {
    await rm(half)
  }
}

const bytesOf = (path: string): Promise<Buffer | undefined> => readFile(path).catch(unlessMissing)

const lineMusicFile = `${musicFile}.wav`
const isLineMusic = async (path: string): Promise<boolean> =>
  (await readlink(path).catch(() => null)) === lineMusicFile

/**
 * The music of a queue: its own piece or, by a link, the line's, whatever that is later. Looked at again after it was linked: a piece may have
 * been published meanwhile.
 */
export async function placeQueueMusic(soundsDir: string, name: string): Promise<void> {
  const [target, own] = [join(soundsDir, `${name}.wav`), join(recordedIn(soundsDir), `${name}.wav`)]
  while (!existsSync(own)) {
    if (await isLineMusic(target)) return
    const half = halfOf(target)
    await symlink(lineMusicFile, half)
    await rename(half, target)
  }
  await placeSound(soundsDir, name)
}

/** In place of its own piece the line's: callers who hear the piece go on hearing music. */
export async function takeBackQueueMusic(soundsDir: string, name: string): Promise<void> {
  await rm(join(recordedIn(soundsDir), `${name}.wav`), { force: true })
  await placeQueueMusic(soundsDir, name)
}

/** The city's own Asterisk is another user, who reads the sounds whatever this process's mask is: they are no secret. */
const [folderMode, fileMode] = [0o755, 0o644]

export async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await mkdir(path, { recursive: true })
  await chmod(path, folderMode)
}

/** Asterisk never reads half a sound. Two nodes may share the folder. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await rename(await writeHalf(path, bytes), path)
}

let halves = 0

/** Its name begins with a dot: Asterisk takes each other file of the music's folder for a piece. */
function halfOf(path: string): string {
  halves += 1
  return join(dirname(path), `.${basename(path)}.${process.pid}.${halves}.half`)
}

async function writeHalf(path: string, bytes: Uint8Array): Promise<string> {
  await makeFolder(dirname(path))
  const half = halfOf(path)
  await writeFile(half, bytes)
  await chmod(half, fileMode)
  return half
}
