/** The folder of the finished recordings. */
export const doneFolder = 'done'

/** Whether a channel's id may name a folder. Ids come from Asterisk; none may lead out of the recordings' folder. */
export function isFolderName(id: string): boolean {
  // ext4 has a folder `lost+found` at the root of a volume.
  return /^[\w+-][\w.+-]{0,200}$/.test(id) && id !== doneFolder && id !== 'lost+found'
}
