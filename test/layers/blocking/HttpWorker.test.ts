import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HttpWorker, makeHttpClient } from "../../../src/layers/blocking/HttpWorker.js"
import { ParkingLot } from "../../../src/layers/blocking/ParkingLot.js"
import { type ExchangeFault, faultCodes } from "../../../src/services/HttpReply.js"
import { type ClientError, causeOf } from "../../../src/services/platformHttp.js"
import { type Stub, startStub } from "../http/stub.js"

describe("a worker that dies", () => {
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub()
  })
  afterAll(() => stub.close())

  const setting = () => {
    const lot = new ParkingLot()
    const worker = new HttpWorker(lot)
    const client = Effect.runSync(makeHttpClient(lot, worker, { proxy: false }))
    const get = (path: string) => Effect.map(client.get(stub.url + path), ({ status }) => status)
    const fault = (path: string) =>
      Effect.map(Effect.flip(get(path)), (error: ClientError) => (causeOf(error) as ExchangeFault).code)
    return {
      lot,
      worker,
      get,
      fault,
      sleep: (millis: number) => Effect.provideService(Effect.sleep(millis), Clock.Clock, lot.clock)
    }
  }

  // The worker takes what it is sent on trust: settings of no use throw in its message handler.
  const breakIt = (worker: HttpWorker) =>
    Effect.sync(() => {
      worker.send(null as never, undefined as never)
    })

  const killIt = (worker: HttpWorker) =>
    Effect.sync(() => {
      const { life } = worker as unknown as { life: { worker: { terminate: () => Promise<number> } } }
      void life.worker.terminate()
    })

  it.each([
    ["of an uncaught error", breakIt],
    ["by force", killIt]
  ])("%s fails the requests under way, and the next one starts another", (_, end) => {
    const { fault, get, lot, sleep, worker } = setting()
    assert.strictEqual(Effect.runSync(get("/echo")), 200)
    const both = Effect.all([fault("/hang"), fault("/hang"), Effect.andThen(sleep(50), end(worker))], {
      concurrency: "unbounded"
    })
    assert.deepStrictEqual(Effect.runSync(lot.cooperative(both)).slice(0, 2), [
      faultCodes.worker,
      faultCodes.worker
    ])
    assert.strictEqual(Effect.runSync(get("/echo")), 200)
    worker.close()
  })

  it("is noticed under an event loop too", async () => {
    const { fault, get, worker } = setting()
    await Effect.runPromise(get("/echo"))
    const end = Effect.andThen(Effect.sleep(50), killIt(worker))
    const [code] = await Effect.runPromise(Effect.all([fault("/hang"), end], { concurrency: 2 }))
    assert.strictEqual(code, faultCodes.worker)
    assert.strictEqual(await Effect.runPromise(get("/echo")), 200)
    worker.close()
  })
})
