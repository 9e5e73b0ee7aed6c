/** Stands in for the abandoned package `shred`: `ari-transport.ts` replaces the code of swagger-client that would use it. */
module.exports = function Shred() {
  throw new Error('swagger-client uses its own transport')
}
