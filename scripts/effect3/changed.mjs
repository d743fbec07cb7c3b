// @ts-check

/** What both majors have under one name and with another meaning: a use without a rule is an error. */

/** @type {Readonly<Record<string, string>>} */
export const changedTypes = {
  "effect/Context.Service": "is Context.Tag in Effect 3",
  "effect/Context.Reference": "has its own type, too, in Effect 3",
  "effect/Schema.Schema": "says what is encoded, too, in Effect 3"
}

/** Schemas of values that are decoded from others in Effect 3. */
const decoded = [
  "BigInt",
  "Cause",
  "Chunk",
  "Duration",
  "Exit",
  "HashMap",
  "HashSet",
  "Option",
  "ReadonlyMap",
  "ReadonlySet",
  "URL",
  "Uint8Array"
]

/** @type {Readonly<Record<string, string>>} */
export const changedValues = {
  ...Object.fromEntries(
    decoded.map((name) => [`effect/Schema.${name}`, "decodes from something else in Effect 3"])
  ),
  "effect/Schema.Union": "takes its members one by one in Effect 3",
  "effect/Schema.Tuple": "takes its elements one by one in Effect 3",
  "effect/Schema.TemplateLiteral": "takes its parts one by one in Effect 3",
  "effect/Schema.Record": "takes { key, value } in Effect 3",
  "effect/Context.Service": "is Context.Tag in Effect 3",
  "effect/Context.Reference": "is a class in Effect 3",
  "effect/Clock.Clock": "is one of the default services in Effect 3",
  "effect/Random.Random": "is one of the default services in Effect 3",
  "effect/Console.Console": "is one of the default services in Effect 3",
  "effect/Tracer.Tracer": "is one of the default services in Effect 3",
  "effect/ConfigProvider.ConfigProvider": "is one of the default services in Effect 3",
  "effect/Scheduler.Scheduler": "is one of the default services in Effect 3",
  "effect/Layer.effect": "gives no scope in Effect 3",
  "effect/Layer.effectContext": "gives no scope in Effect 3",
  "effect/Layer.effectDiscard": "gives no scope in Effect 3",
  "effect/Effect.yieldNow": "is a function in Effect 3",
  "effect/Effect.reduce": "takes its first state, not a function, in Effect 3",
  "effect/Stream.runCollect": "gives a Chunk in Effect 3",
  "effect/Stream.mapAccum": "takes its first state, not a function, in Effect 3",
  "effect/Stream.mapAccumEffect": "takes its first state, not a function, and gives one element, in Effect 3",
  "effect/Stream.runFold": "takes its first state, not a function, in Effect 3",
  "effect/Stream.runFoldEffect": "takes its first state, not a function, in Effect 3",
  "effect/Logger.layer": "is Logger.replace in Effect 3"
}
