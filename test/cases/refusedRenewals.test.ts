/** What is valid is served while a renewal is refused. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import { Chain, type CredentialSource, FileCache, Refreshing } from "../../src/index.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { commands } from "../support/alibabaEnvironment.js"
import { files } from "../support/files.js"
import { newFolder } from "../support/folders.js"
import { keptLogs } from "../support/logs.js"
import { environment, type Seen, serving } from "../support/metadata.js"
import { credentialError } from "../support/refusals.js"
import { type Answer, reply } from "../support/scripted.js"

const tokenFile = "/var/run/secrets/eks-pod-identity-token"

const variables = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile
}

/** An agent that wants one token and hands out credentials for so many seconds. */
const agent = (seconds: number) => {
  const state = { wanted: "old", refusal: 400, issued: 0, whileAsked: (_: Seen): void => undefined }
  const server = serving(
    (seen): Answer =>
      (...given) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          state.whileAsked(seen)
          const expiration = new Date(now + seconds * 1_000).toISOString()
          const answer =
            seen.headers["authorization"] === state.wanted
              ? reply(200, {
                  AccessKeyId: `ASIA${state.issued++}`,
                  SecretAccessKey: "secret",
                  Token: "token",
                  Expiration: expiration
                })
              : reply(state.refusal, "[x]: (ExpiredTokenException): the token has expired")
          return answer(...given)
        })
  )
  return { state, ...server }
}

type Source = CredentialSource<Aws.Credentials>

const wraps = {
  alone: (source: Source) => source,
  "in a strict chain": (source: Source) => Chain.make("aws", "mine", [Aws.Environment.source, source, other]),
  "in a lenient chain": (source: Source) =>
    Chain.make("aws", "mine", [Aws.Environment.source, source, other], { continueOnFailure: true })
}

const other: Source = {
  name: "another identity",
  get: Effect.sync(
    () => new Aws.Credentials({ accessKeyId: "AKIAOTHER", secretAccessKey: Redacted.make("other") })
  )
}

const held = (text: string): Record<string, string> => ({ [tokenFile]: text })

const on = <A, E>(
  { layer }: { readonly layer: Layer.Layer<HttpClient.HttpClient> },
  contents: Readonly<Record<string, string>>,
  effect: Effect.Effect<A, E, HttpClient.HttpClient | FileSystem.FileSystem>
) => effect.pipe(Effect.provide([layer, files(contents).layer]), environment(variables))

describe("A3: a refused early renewal keeps valid credentials", () => {
  for (const [where, wrap] of Object.entries(wraps)) {
    it.effect(`Pod Identity, 200 s before the end, ${where}: the file changes after the refusal`, () => {
      const { seen, state, ...server } = agent(3_600)
      const contents = held("old")
      const { layer: logs, warnings } = keptLogs()
      return Effect.gen(function* () {
        const source = yield* Aws.Container.make()
        const kept = Refreshing.make("aws", wrap(source))
        assert.strictEqual((yield* kept.get).accessKeyId, "ASIA0")
        yield* TestClock.adjust(3_400_000)
        state.wanted = "new"
        const asked = seen.length
        for (let call = 0; call < 20; call++) assert.strictEqual((yield* kept.get).accessKeyId, "ASIA0")
        assert.strictEqual(seen.length, asked + 1)
        assert.strictEqual(warnings.length, 1)
        assert.include(warnings[0], "could not renew")
        yield* TestClock.adjust(50)
        contents[tokenFile] = "new"
        // In a few seconds, and long before the last minute.
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual((yield* kept.get).accessKeyId, "ASIA1")
        assert.strictEqual(warnings.length, 1)
      }).pipe((program) => on(server, contents, program), Effect.provide(logs))
    })
  }

  it("Pod Identity, 200 s before the end, under runSync", () => {
    const { state, ...server } = agent(200)
    const contents = held("old")
    const { layer: logs, warnings } = keptLogs()
    const run = <A, E>(effect: Effect.Effect<A, E, HttpClient.HttpClient | FileSystem.FileSystem>) =>
      Effect.runSync(on(server, contents, effect).pipe(Effect.provide(logs), Effect.provide(Blocking.layer)))
    const kept = Refreshing.make("aws", run(Aws.Container.make()))
    assert.strictEqual(run(kept.get).accessKeyId, "ASIA0")
    state.wanted = "new"
    assert.strictEqual(run(kept.get).accessKeyId, "ASIA0")
    assert.strictEqual(run(kept.get).accessKeyId, "ASIA0")
    assert.strictEqual(warnings.length, 1)
  })

  it.effect("a token replaced during a refusal is tried once more in the same call", () => {
    const { seen, state, ...server } = agent(3_600)
    const contents = held("old")
    return Effect.gen(function* () {
      const { get } = yield* Aws.Container.make()
      state.wanted = "new"
      state.whileAsked = () => {
        contents[tokenFile] = "new"
      }
      assert.strictEqual((yield* get).accessKeyId, "ASIA0")
      assert.deepStrictEqual(
        seen.map(({ headers }) => headers["authorization"]),
        ["old", "new"]
      )
      // Only once: whoever changes it all the time is not followed.
      state.wanted = "none of them"
      let turn = 0
      state.whileAsked = () => {
        contents[tokenFile] = `${turn++}`
      }
      const error = yield* credentialError(get)
      assert.strictEqual(error.reason, "Refused")
      assert.strictEqual(seen.length, 4)
    }).pipe((program) => on(server, contents, program))
  })

  it.effect.each([400, 401, 403, 404])(
    "HTTP %i is raised in the last minute, and before any success",
    (status) => {
      const { state, ...server } = agent(3_600)
      state.refusal = status
      const contents = held("old")
      const { layer: logs, warnings } = keptLogs()
      return Effect.gen(function* () {
        state.wanted = "new"
        assert.strictEqual((yield* credentialError((yield* Aws.Container.make()).get)).reason, "Refused")
        state.wanted = "old"
        const kept = Refreshing.make("aws", yield* Aws.Container.make())
        yield* kept.get
        state.wanted = "new"
        yield* TestClock.adjust("50 minutes")
        // Until the last minute it is served, and there is one warning for all tries.
        for (let minute = 50; minute < 59; minute++) {
          assert.strictEqual((yield* kept.get).accessKeyId, "ASIA0")
          yield* TestClock.adjust("1 minute")
        }
        assert.strictEqual(warnings.length, 1)
        assert.strictEqual((yield* credentialError(kept.get)).reason, "Refused")
        yield* TestClock.adjust("10 minutes")
        assert.strictEqual((yield* credentialError(kept.get)).reason, "Refused")
        contents[tokenFile] = "new"
        yield* TestClock.adjust("6 seconds")
        assert.strictEqual((yield* kept.get).accessKeyId, "ASIA1")
        // The next outage is another one.
        state.wanted = "newer"
        yield* TestClock.adjust("50 minutes")
        yield* kept.get
        assert.strictEqual(warnings.length, 2)
      }).pipe((program) => on(server, contents, program), Effect.provide(logs))
    }
  )

  it.effect("retries of the agent settle at one a minute", () => {
    const { seen, state, ...server } = agent(3_600)
    return Effect.gen(function* () {
      const kept = Refreshing.make("aws", yield* Aws.Container.make())
      yield* kept.get
      state.wanted = "new"
      yield* TestClock.adjust("50 minutes")
      const asked = seen.length
      // When it is asked again is told until that moment has come.
      let told = 0
      for (let second = 0; second < 8 * 60; second++) {
        yield* kept.get
        if ((yield* kept.status)?.retryAt !== undefined) told++
        yield* TestClock.adjust("1 second")
      }
      assert.isAtLeast(seen.length - asked, 8)
      assert.isAtMost(seen.length - asked, 20)
      assert.isAtLeast(told, 400)
    }).pipe((program) => on(server, held("old"), program))
  })

  it.effect("credentials refused by the service are no longer valid", () => {
    const { state, ...server } = agent(3_600)
    return Effect.gen(function* () {
      const kept = Refreshing.make("aws", yield* Aws.Container.make())
      const { accessKeyId } = yield* kept.get
      state.wanted = "new"
      yield* TestClock.adjust("50 minutes")
      yield* kept.get
      yield* kept.invalidate(accessKeyId)
      assert.strictEqual((yield* credentialError(kept.get)).reason, "Refused")
    }).pipe((program) => on(server, held("old"), program))
  })

  it.effect("also in the background, without hammering the agent", () => {
    const { seen, state, ...server } = agent(3_600)
    return Effect.gen(function* () {
      const source = yield* Aws.Container.make()
      const provided = Refreshing.layerBackground("aws", Aws.CredentialProvider).pipe(
        Layer.provide(Layer.succeed(Aws.CredentialProvider, source))
      )
      yield* Effect.gen(function* () {
        yield* TestClock.adjust("40 minutes")
        state.wanted = "new"
        yield* TestClock.adjust("18 minutes")
        const { get } = yield* Aws.CredentialProvider
        assert.strictEqual((yield* get).accessKeyId, "ASIA0")
        assert.isAtMost(seen.length, 40)
      }).pipe(Effect.provide(provided))
    }).pipe((program) => on(server, held("old"), program))
  })

  const printed = (document: object) => `printf '%s' '${JSON.stringify(document)}'`
  const whole = { Version: 1, AccessKeyId: "ASIA0", SecretAccessKey: "s", SessionToken: "t" }
  it.effect.each([
    "exit 2",
    "kill -9 $$",
    "echo hello",
    printed({ ...whole, Version: 2 }),
    printed({ Version: 1 }),
    printed({ ...whole, Expiration: "tomorrow" }),
    printed({ ...whole, Expiration: 5 }),
    printed({ ...whole, Expiration: "1970-01-01T00:10:00Z" }),
    printed({ ...whole, SecretAccessKey: "two words" })
  ])("a command that fails in any way takes nothing away: %s", (failing) => {
    const good = printed({ ...whole, Expiration: "1970-01-01T01:00:00Z" })
    const folder = newFolder()
    const script = join(folder, "script")
    return Effect.gen(function* () {
      writeFileSync(script, good)
      const kept = Refreshing.make("aws", yield* Aws.Process.make({ command: `. ${script}` }))
      yield* kept.get
      writeFileSync(script, failing)
      yield* TestClock.adjust("50 minutes")
      assert.strictEqual((yield* kept.get).accessKeyId, "ASIA0")
    }).pipe(Effect.provide(commands))
  })

  it.effect("a lenient chain moves to another source only after expiry", () => {
    const { state, ...server } = agent(3_600)
    return Effect.gen(function* () {
      const chain = Chain.make("aws", "mine", [yield* Aws.Container.make(), other], {
        continueOnFailure: true
      })
      assert.strictEqual((yield* chain.get).accessKeyId, "ASIA0")
      state.wanted = "new"
      assert.strictEqual((yield* credentialError(chain.get)).source, "container")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* chain.get).accessKeyId, "AKIAOTHER")
    }).pipe((program) => on(server, held("old"), program))
  })

  it.effect("shared cache entries are used to their last minute, with one warning", () => {
    const { state, ...server } = agent(3_600)
    const { layer: logs, warnings } = keptLogs()
    const folder = newFolder()
    writeFileSync(join(folder, "token"), "old")
    return Effect.gen(function* () {
      const shared = yield* FileCache.make(
        "aws",
        yield* Aws.Container.make({ authorizationTokenFile: join(folder, "token") }),
        { directory: join(folder, "cache"), key: { pod: "one" } }
      )
      yield* shared.get
      state.wanted = "new"
      yield* TestClock.adjust("50 minutes")
      for (let call = 0; call < 3; call++) assert.strictEqual((yield* shared.get).accessKeyId, "ASIA0")
      assert.strictEqual(warnings.filter((text) => text.includes("could not renew")).length, 1)
      yield* TestClock.adjust("9 minutes")
      assert.strictEqual((yield* credentialError(shared.get)).reason, "Refused")
    }).pipe(
      Effect.provide(server.layer),
      Effect.provideService(FileSystem.FileSystem, fileSystem),
      environment(variables),
      Effect.provide(logs)
    )
  })
})
