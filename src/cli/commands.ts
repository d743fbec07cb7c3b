/** Every command, loaded when it is asked for, and what only the whole program has: a fleet's cache. */
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type FileCache, StsConfigError } from "../index.js"
import { described } from "./root.js"
import type { Parts } from "./run.js"
import { FleetCache, type Share } from "./source.js"

// For programs on many machines that use the same roles.
const variables = { url: "EFFECT_STS_REDIS_URL", key: "EFFECT_STS_REDIS_KEY" }

// It is an optional package, which is looked for beside this one.
const library = Effect.tryPromise({
  try: () => import("../redis.js"),
  catch: () =>
    new StsConfigError({
      key: variables.url,
      detail: "asks for Redis, and the package redis is not installed beside effect-sts",
      hint: "Install both in one place, or run them so: npx -p effect-sts -p redis effect-sts ..."
    })
})

/** 32 bytes in base64, as `openssl rand -base64 32` gives them, or else a passphrase. */
const keyOf = (text: string): FileCache.EncryptionKey => {
  const bytes = Buffer.from(text, "base64")
  const isBase64 = bytes.length === 32 && bytes.toString("base64") === text
  return isBase64 ? Redacted.make<Uint8Array>(bytes) : Redacted.make(text)
}

/** Reaches the fleet's cache, until the scope closes; nothing where the environment states none. */
const fleetCache: Effect.Effect<Share | undefined, StsConfigError, Scope.Scope> = Effect.gen(function* () {
  const [url = "", key = ""] = [process.env[variables.url], process.env[variables.key]]
  if (url === "") return undefined
  if (key === "") {
    return yield* new StsConfigError({
      key: variables.key,
      detail: `is not set, and ${variables.url} is: nothing is kept in Redis in plain text`,
      hint: "Give all machines the same key: openssl rand -base64 32 makes one."
    })
  }
  const { Redis, RedisCache } = yield* library
  const engine = yield* Redis.make({ url: Redacted.make(url) })
  return (cloud, source, purpose) =>
    RedisCache.make(cloud, source, { key: purpose, encryptionKey: keyOf(key) }).pipe(
      Effect.provideService(Redis.Redis, engine)
    )
})

/** The whole program. */
export const whole: Parts = {
  loaders: {
    aws: async () => described((await import("./aws/commands.js")).aws),
    alibaba: async () => described((await import("./alibaba/commands.js")).alibaba),
    emulator: async () => described((await import("./emulator.js")).emulator),
    demo: async () => described((await import("./demo.js")).demo)
  },
  services: Layer.succeed(FleetCache, fleetCache)
}
