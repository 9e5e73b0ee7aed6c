/**
 * Why a caller is still to be called back. `sent away`: the line has ended the call (the longest wait, the end of the grace after closing, a
 * failure). `callback in vain`: they were promised to be called back, and no attempt has reached them.
 */
export const unservedReasons = ['hung up', 'sent away', 'callback in vain'] as const
export type UnservedReason = (typeof unservedReasons)[number]
