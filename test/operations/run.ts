/**
 * Runs the tables of operations and mistakes in some worlds.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { StsApiError } from "../../src/index.js"
import { type Desk, type Emulated, openDesk, type Remote, type Seen } from "../support/emulators.js"
import { spansOf } from "../support/spans.js"
import type { Signing, World } from "../support/worlds.js"
import { type Mistake, mistakes, type Operation, operations } from "./table.js"

const nonceOf = ({ headers, parameters }: Seen): string | undefined =>
  headers["x-acs-signature-nonce"] ?? parameters["SignatureNonce"]

const tracing = ["traceparent", "tracestate", "b3", "x-b3-traceid"]

const isPlain = ({ headers, method, path }: Seen): boolean =>
  method === "POST" && path === "/" && tracing.every((name) => headers[name] === undefined)

/** What every request has in common: a POST to `/` with a nonce of its own, and nothing else in its line. */
const checkRequests = (requests: ReadonlyArray<Seen>, emulated: Emulated | Remote, form: string): void => {
  assert.deepStrictEqual(
    requests.filter((request) => !isPlain(request)),
    []
  )
  assert.deepStrictEqual([...new Set(requests.map((request) => request.form))], [form])
  assert.strictEqual(new Set(requests.map(nonceOf)).size, requests.length)
  assert.notInclude(requests.map(nonceOf), undefined)
  if (!("witness" in emulated)) return
  const lines = emulated
    .witness()
    .requests.slice(-requests.length)
    .map(({ line }) => line)
  assert.deepStrictEqual(
    lines,
    requests.map(() => "POST /")
  )
}

type Row = Pick<Operation | Mistake, "name" | "signed" | "run">

/** Each row once for every way that it can be signed. */
const signings = <R extends Row>(
  rows: ReadonlyArray<R>
): ReadonlyArray<R & { readonly form: string; readonly by: Signing }> =>
  rows.flatMap((row) =>
    row.signed
      ? [
          { ...row, form: "acs3", by: "acs3" as const },
          { ...row, form: "rpc", by: "rpc" as const }
        ]
      : [{ ...row, form: "anonymous", by: "acs3" as const }]
  )

/** Registers the tables' tests for some worlds. */
export const operationsOf = (worlds: ReadonlyArray<World>): void => {
  let desk: Desk
  let emulator: Remote
  beforeAll(async () => {
    desk = await openDesk()
    emulator = desk.emulator()
  })
  afterAll(() => desk.close())

  const run = (world: World, row: Row & { readonly by: Signing }) =>
    world.run(
      () => emulator,
      (emulated) =>
        Effect.gen(function* () {
          const earlier = (yield* emulated.requests).length
          const { program, spans } = spansOf(row.run(emulated, row.by))
          const result = yield* Effect.either(program)
          return { result, spans, emulated, requests: (yield* emulated.requests).slice(earlier) }
        })
    )

  for (const world of worlds) {
    describe(world.name, () => {
      for (const operation of signings(operations)) {
        it(`${operation.name}, ${operation.form}`, async () => {
          const { emulated, requests, result, spans } = await run(world, operation)
          assert.deepStrictEqual(result._tag === "Right" ? result.right : result.left, operation.answers)
          assert.deepStrictEqual(
            requests.map(({ operation }) => operation),
            operation.operations
          )
          assert.deepStrictEqual(
            spans.map(({ name }) => name),
            operation.operations.map((name) => `sts.alibaba.${name}`)
          )
          checkRequests(requests, emulated, operation.form)
        })
      }

      for (const mistake of signings(mistakes)) {
        it(`${mistake.name}, ${mistake.form}`, async () => {
          const { emulated, requests, result } = await run(world, mistake)
          const error = result._tag === "Left" ? result.left : result.right
          assert.instanceOf(error, StsApiError)
          if (!(error instanceof StsApiError)) return
          const { category, code, retryable, status } = error
          assert.deepStrictEqual(
            { category, code, retryable, status, requests: requests.length },
            {
              category: mistake.category,
              code: mistake.code,
              retryable: false,
              status: mistake.status,
              requests: mistake.requests
            }
          )
          for (const words of mistake.says) assert.include(error.message, words)
          checkRequests(requests, emulated, mistake.form)
        })
      }
    })
  }
}
