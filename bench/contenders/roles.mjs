/**
 * Reads of the kept credentials of many roles, each in its turn.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { clouds } from "./clouds.mjs"
import { inFibers } from "./effects.mjs"
import { answering, doors, layer } from "./inProcess.mjs"

export const open = async (_, { cloud, count }) => {
  const { door } = doors[cloud]
  const { roleArn } = clouds[cloud].request
  const runtime = ManagedRuntime.make(
    Layer.merge(layer(cloud, answering(cloud)), door.RoleCredentialsCache.layerWith({ capacity: count }))
  )
  // A stride that meets all of them, and not in the order in which they came.
  let place = 0
  const read = Effect.suspend(() => {
    place = (place + 7919) % count
    return door.roleCredentials({ roleArn, roleSessionName: `session-${place}` })
  })
  const reads = inFibers(runtime, read)
  let done = 0
  await reads.drive(1, () => done++ < count)
  return reads
}
