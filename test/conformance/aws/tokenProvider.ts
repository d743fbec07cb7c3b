/**
 * Bearer tokens of IAM Identity Center, from profiles.
 */
import { deepStrictEqual } from "node:assert"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { readJson, type Suite } from "../Suite.js"
import { hides, mount } from "./mounted.js"

interface Expected {
  readonly result: { readonly Ok: { readonly token: string; readonly expiration: string } }
}

const check = (folder: string) =>
  Effect.gen(function* () {
    const machine = mount(folder)
    const get = Effect.flatMap(Aws.SsoToken.fromProfile(), (source) => source.get)
    const bearer = yield* machine.run(get, 0)
    hides(machine, inspect(bearer, { depth: 9 }), JSON.stringify(bearer))
    machine.finished()
    const { expiration, token } = readJson<Expected>(join(folder, "test-case.json")).result.Ok
    deepStrictEqual(
      { token: Redacted.value(bearer.token), expiration: DateTime.toEpochMillis(bearer.expiration) },
      { token, expiration: Date.parse(expiration) }
    )
  })

export const tokenProvider: Suite = {
  name: "aws/token-provider",
  cases: (path) =>
    readdirSync(path).map((folder) => ({
      name: folder,
      check: Effect.suspend(() => check(join(path, folder)))
    }))
}
