/**
 * What of either line goes by the same name: a copy of this folder stands within the line for Effect 3.
 */
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import * as Aws from "effect-sts/aws"

export const doorsOf = (Aws, Alibaba) => ({
  aws: { door: Aws, signers: { usual: Aws.SignerV4.layer } },
  alibaba: { door: Alibaba, signers: { usual: Alibaba.SignerAcs3.layer, rpc: Alibaba.SignerRpc.layer } }
})

export const doors = doorsOf(Aws, Alibaba)

/** How many fibers there were so far: both lines number them. */
export const fibersSoFar = Effect.map(Effect.fiberId, (id) => (typeof id === "number" ? id : id.id))

/** So many in one fiber, one after the other. */
export const inTurn = (effect, count) =>
  Effect.suspend(() => {
    let done = 0
    return Effect.whileLoop({ while: () => done < count, body: () => effect, step: () => void done++ })
  })
