/**
 * A process that gets a role's credentials through the file cache, as an application would. It says when it is ready,
 * waits for a line and prints what it got.
 */
import { once } from "node:events"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as AssumedRole from "../../src/layers/aws/AssumedRole.js"
import * as SignerV4 from "../../src/layers/aws/SignerV4.js"
import * as FileCache from "../../src/layers/FileCache.js"
import * as HttpClient from "../../src/layers/http/NodeClient.js"
import { Credentials } from "../../src/schemas/aws/Credentials.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import * as Refreshing from "../../src/services/Refreshing.js"
import { RequestPolicy } from "../../src/services/RequestPolicy.js"
import { keepCompiled } from "./program.js"

/** What such a process is told. */
export interface Task {
  readonly directory: string
  /** Assumes this role at the endpoint, once. */
  readonly role?:
    | { readonly endpoint: string; readonly roleArn: string; readonly id: string; readonly secret: string }
    | undefined
  readonly passphrase?: string | undefined
}

/** What such a process prints for each session. */
export interface Told {
  readonly accessKeyId: string
  readonly token: string | undefined
}

const task: Task = JSON.parse(process.argv[2] ?? "{}")

const tell = ({ accessKeyId, sessionToken }: Credentials) => {
  const token = sessionToken === undefined ? undefined : Redacted.value(sessionToken)
  process.stdout.write(`${JSON.stringify({ accessKeyId, token } satisfies Told)}\n`)
}

const { directory, passphrase } = task
const options = {
  directory,
  encryptionKey: passphrase === undefined ? undefined : Redacted.make(passphrase)
}

const assuming = ({ endpoint, id, roleArn, secret }: NonNullable<Task["role"]>) => {
  const base: CredentialSource<Credentials> = {
    name: "stated",
    get: Effect.succeed(new Credentials({ accessKeyId: id, secretAccessKey: Redacted.make(secret) }))
  }
  return Effect.gen(function* () {
    const role = yield* AssumedRole.make(base, { roleArn })
    const key = FileCache.keyOfRole("aws", base, { roleArn })
    const cached = yield* FileCache.make("aws", role, { ...options, key })
    tell(yield* Refreshing.make("aws", cached).get)
  }).pipe(RequestPolicy.adjust({ aws: { endpoint, region: "us-east-1" } }))
}

const madeUp: CredentialSource<Credentials> = {
  name: "made up",
  get: Effect.gen(function* () {
    yield* Effect.sleep(Math.random() * 5)
    const [id, now] = [crypto.randomUUID(), yield* DateTime.now]
    return new Credentials({
      accessKeyId: `ASIA${id}`,
      secretAccessKey: Redacted.make(`secret-of-${id}`),
      sessionToken: Redacted.make(`token-of-${id}-${"x".repeat(2_000)}`),
      expiration: DateTime.add(now, { hours: 1 })
    })
  })
}

/** Gets a session, has it refused, and so on: most of the time something is being locked or written. */
const restless = Effect.gen(function* () {
  const cached = yield* FileCache.make("aws", madeUp, { ...options, key: { by: "nobody" } })
  return yield* Effect.forever(
    Effect.gen(function* () {
      const credentials = yield* cached.get
      tell(credentials)
      yield* cached.invalidate?.(credentials.accessKeyId) ?? Effect.void
    })
  )
})

const services = Layer.mergeAll(NodeFileSystem.layer, SignerV4.layer, HttpClient.layerWith({ proxy: false }))

keepCompiled()
process.stdout.write("ready\n")
await once(process.stdin, "data")
process.stdin.unref()
await Effect.runPromise(Effect.provide(task.role === undefined ? restless : assuming(task.role), services))
