import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Blocking from "../../../src/layers/blocking/Blocking.js"
import { bySystem, HostResolver, type ResolveHost } from "../../../src/layers/metadata/Destination.js"

const asked = (name: string) => Effect.flatMap(HostResolver, (resolve) => resolve(name))

const blocked = <A, E>(effect: Effect.Effect<A, E>): A =>
  Effect.runSync(Effect.provide(effect, Blocking.layerWith({ proxy: false })))

describe("host names", () => {
  it("are resolved the same under runSync", async () => {
    const addresses = blocked(asked("localhost"))
    assert.deepStrictEqual(addresses, await Effect.runPromise(bySystem("localhost")))
    assert.include(addresses, "127.0.0.1")
  })

  it("unknown names fail with the system's code", async () => {
    const code = /^(ENOTFOUND|EAI_AGAIN)$/
    assert.match(blocked(Effect.flip(asked("nowhere.invalid"))).code, code)
    assert.match((await Effect.runPromise(Effect.flip(bySystem("nowhere.invalid")))).code, code)
  })

  it("can be resolved by a custom resolver", () => {
    const mine: ResolveHost = (name) => Effect.succeed([`address of ${name}`])
    const addresses = Effect.runSync(Effect.provideService(asked("a.test"), HostResolver, mine))
    assert.deepStrictEqual(addresses, ["address of a.test"])
  })
})
