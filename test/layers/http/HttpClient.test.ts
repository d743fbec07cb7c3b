import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as NodeClient from "../../../src/layers/http/NodeClient.js"
import * as UndiciClient from "../../../src/layers/http/UndiciClient.js"
import { contract } from "./contract.js"
import { eventually, type Stub, startStub } from "./stub.js"

contract({ name: "over node:http", layer: NodeClient.layerWith, run: Effect.runPromise })
contract({ name: "over undici", layer: UndiciClient.layerWith, run: Effect.runPromise })

describe("the scope of a client", () => {
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub()
  })
  afterAll(() => stub.close())

  it.each([
    ["node:http", NodeClient.layerWith],
    ["undici", UndiciClient.layerWith]
  ] as const)("closes the connections over %s", async (_, layer) => {
    const open = await Effect.runPromise(
      Effect.flatMap(HttpClient.HttpClient, (client) =>
        Effect.map(client.get(`${stub.url}/echo`), () => stub.counts().openConnections)
      ).pipe(Effect.provide(layer({ proxy: false })))
    )
    assert.strictEqual(open, 1)
    assert.isTrue(await eventually(() => stub.counts().openConnections === 0))
  })
})
