/**
 * What every contender gives: `call` makes one call and tells what the reply held, `drive` keeps so many of them going for
 * as long as there are `more`, and `fibers` tells how many fibers there were so far, where there are any.
 */

/**
 * A contender whose call is a promise.
 *
 * @param {() => Promise<unknown>} call
 */
export const promised = (call) => ({
  call,
  drive: async (concurrency, more) => {
    const caller = async () => {
      while (more()) await call()
    }
    await Promise.all(Array.from({ length: concurrency }, caller))
  }
})
