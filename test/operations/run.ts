/**
 * Runs the tables of operations and mistakes of every cloud by some runners.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { StsApiError } from "../../src/index.js"
import { type Emulated, type Remote, type Seen, type Servers, startServers } from "../support/emulators.js"
import type { Runner } from "../support/runners.js"
import { spansOf } from "../support/spans.js"
import { alibaba } from "./alibaba.js"
import { aws } from "./aws.js"
import type { Row } from "./row.js"

const clouds = [alibaba, aws]

const nonceOf = ({ headers, parameters }: Seen): string | undefined =>
  headers["x-acs-signature-nonce"] ?? parameters["SignatureNonce"]

/** Alibaba Cloud wants a nonce with every request, AWS knows none. */
const checkNonces = (requests: ReadonlyArray<Seen>, { cloud, form }: Row): void => {
  const nonces = requests.map(nonceOf)
  if (cloud === "aws") {
    assert.deepStrictEqual([...new Set(nonces)], [undefined])
    return
  }
  assert.strictEqual(new Set(nonces).size, requests.length, form)
  assert.notInclude(nonces, undefined)
}

const tracing = ["traceparent", "tracestate", "b3", "x-b3-traceid"]

const isPlain = ({ headers, method, path }: Seen): boolean =>
  method === "POST" && path === "/" && tracing.every((name) => headers[name] === undefined)

/** What every request has in common: a POST to `/`, and nothing else in its line. */
const checkRequests = (requests: ReadonlyArray<Seen>, emulated: Emulated | Remote, row: Row): void => {
  assert.deepStrictEqual(
    requests.filter((request) => !isPlain(request)),
    []
  )
  assert.deepStrictEqual([...new Set(requests.map(({ cloud }) => cloud))], [row.cloud])
  assert.deepStrictEqual([...new Set(requests.map(({ form }) => form))], [row.form])
  checkNonces(requests, row)
  if (!("connections" in emulated)) return
  const lines = emulated
    .connections()
    .requests.slice(-requests.length)
    .map(({ line }) => line)
  assert.deepStrictEqual(
    lines,
    requests.map(() => "POST /")
  )
}

/** Registers the tables' tests for some runners. */
export const operationsOf = (runners: ReadonlyArray<Runner>): void => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  // Each would make keys of its own, and tell all that it was asked.
  const emulators = new Map<Runner, Remote>()
  const oneFor = (runner: Runner): Pick<Servers, "open"> => ({
    open: (isBlocked) => {
      const known = emulators.get(runner)
      return known === undefined
        ? Effect.tap(servers.open(isBlocked), (made) => Effect.sync(() => emulators.set(runner, made)))
        : Effect.succeed(known)
    }
  })

  const run = (runner: Runner, row: Row) =>
    runner.run(oneFor(runner), (emulated) =>
      Effect.gen(function* () {
        const earlier = (yield* emulated.requests).length
        const { program, spans } = spansOf(row.run(emulated, row.form))
        const result = yield* Effect.result(program)
        return { result, spans, emulated, requests: (yield* emulated.requests).slice(earlier) }
      })
    )

  for (const runner of runners) {
    describe(runner.name, () => {
      for (const operation of clouds.flatMap(({ operations }) => operations)) {
        it(`${operation.cloud}: ${operation.name}, ${operation.form}`, async () => {
          const { emulated, requests, result, spans } = await run(runner, operation)
          assert.deepStrictEqual(
            result._tag === "Success" ? result.success : result.failure,
            operation.answers
          )
          assert.deepStrictEqual(
            requests.map(({ operation }) => operation),
            operation.operations
          )
          assert.deepStrictEqual(
            spans.map(({ name }) => name),
            operation.operations.map((name) => `STS.${name}`)
          )
          checkRequests(requests, emulated, operation)
        })
      }

      for (const mistake of clouds.flatMap(({ mistakes }) => mistakes)) {
        it(`${mistake.cloud}: ${mistake.name}, ${mistake.form}`, async () => {
          const { emulated, requests, result } = await run(runner, mistake)
          const error = result._tag === "Failure" ? result.failure : result.success
          assert.instanceOf(error, StsApiError)
          if (!(error instanceof StsApiError)) return
          const { category, cloud, code, retryable, status } = error
          assert.deepStrictEqual(
            { category, cloud, code, retryable, status, requests: requests.length },
            {
              category: mistake.category,
              cloud: mistake.cloud,
              code: mistake.code,
              retryable: false,
              status: mistake.status,
              requests: mistake.requests
            }
          )
          for (const words of mistake.says) assert.include(error.message, words)
          checkRequests(requests, emulated, mistake)
        })
      }
    })
  }
}
