// @ts-check

/** What has another name in Effect 3, modules and names within them; and what has the same name and another meaning. */

const http = [
  "Cookies",
  "FetchHttpClient",
  "Headers",
  "HttpBody",
  "HttpClient",
  "HttpClientError",
  "HttpClientRequest",
  "HttpClientResponse",
  "HttpIncomingMessage",
  "UrlParams"
]

/** By the module of Effect 4. @type {Readonly<Record<string, string>>} */
export const modules = {
  "effect/Result": "effect/Either",
  "effect/SchemaIssue": "effect/ParseResult",
  "effect/Semaphore": "effect/Effect",
  "effect/FileSystem": "@effect/platform/FileSystem",
  "effect/Path": "@effect/platform/Path",
  "effect/PlatformError": "@effect/platform/Error",
  "effect/http/Url": "@effect/platform/UrlParams",
  "effect/process/ChildProcess": "@effect/platform/Command",
  "effect/process/ChildProcessSpawner": "@effect/platform/CommandExecutor",
  "effect/Formatter": "effect/Inspectable",
  "effect/encoding/Base64Url": "effect/Encoding",
  "effect/testing/TestClock": "effect/TestClock",
  "fast-check": "effect/FastCheck",
  "@effect/platform-node/NodeChildProcessSpawner": "@effect/platform-node/NodeCommandExecutor",
  "@effect/platform-node/NodeServices": "@effect/platform-node/NodeContext",
  ...Object.fromEntries(http.map((name) => [`effect/http/${name}`, `@effect/platform/${name}`]))
}

/**
 * By the module of Effect 4 and the name there: the name in Effect 3, after # where it is in another module than the
 * module's counterpart.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const names = {
  "effect/Result": {
    Result: "Either",
    Success: "Right",
    Failure: "Left",
    fail: "left",
    succeed: "right",
    isFailure: "isLeft",
    isSuccess: "isRight",
    isResult: "isEither",
    mapError: "mapLeft",
    fromNullishOr: "fromNullable",
    getFailure: "getLeft",
    filterOrFail: "filterOrLeft"
  },
  "effect/Effect": {
    callback: "async",
    catch: "catchAll",
    catchCause: "catchAllCause",
    catchDefect: "catchAllDefect",
    result: "either",
    forkChild: "fork",
    forkDetach: "forkDaemon",
    fromNullishOr: "fromNullable",
    contextWith: "contextWithEffect",
    updateContext: "mapInputContext",
    withFiber: "withFiberRuntime",
    tapCause: "tapErrorCause",
    when: "whenEffect",
    Success: "Effect.Success",
    Error: "Effect.Error",
    Services: "Effect.Context"
  },
  "effect/Semaphore": { make: "makeSemaphore", makeUnsafe: "unsafeMakeSemaphore" },
  "effect/Duration": {
    Input: "DurationInput",
    fromInputUnsafe: "decode",
    fromInput: "decodeUnknown",
    isLessThanOrEqualTo: "lessThanOrEqualTo"
  },
  // That of Effect 3 counts from a start and goes on by the system's steady clock.
  "effect/Clock": { monotonicTimeNanos: "currentTimeNanos" },
  "effect/Deferred": { doneUnsafe: "unsafeDone" },
  "effect/DateTime": {
    makeUnsafe: "unsafeMake",
    isLessThan: "lessThan"
  },
  "effect/Layer": {
    Success: "Layer.Success"
  },
  "effect/Fiber": { Fiber: "RuntimeFiber" },
  "effect/Array": { isArrayNonEmpty: "isNonEmptyArray", isReadonlyArrayNonEmpty: "isNonEmptyReadonlyArray" },
  "effect/Cause": {
    findErrorOption: "failureOption",
    hasFails: "isFailure",
    hasDies: "isDie"
  },
  "effect/Exit": { hasInterrupts: "isInterrupted" },
  "effect/Option": { fromNullishOr: "fromNullable" },
  "effect/Predicate": { isObject: "isRecord" },
  "effect/Schema": {
    decodeUnknownResult: "decodeUnknownEither",
    decodeResult: "decodeEither",
    encodeUnknownResult: "encodeUnknownEither",
    decodeUnknownEffect: "decodeUnknown",
    decodeEffect: "decode",
    fromJsonString: "parseJson",
    toType: "typeSchema",
    DateTimeUtc: "DateTimeUtcFromSelf",
    DateTimeUtcFromString: "DateTimeUtc",
    Redacted: "RedactedFromSelf",
    RedactedFromValue: "Redacted",
    Date: "ValidDateFromSelf",
    refine: "filter",
    Top: "Schema.Any",
    Codec: "Schema",
    "Struct.MakeIn": "Struct.Constructor",
    SchemaError: "effect/ParseResult#ParseError",
    isSchemaError: "effect/ParseResult#isParseError"
  },
  "effect/SchemaIssue": { Issue: "ParseIssue", MissingKey: "Missing" },
  "effect/SchemaAST": { isUndefined: "isUndefinedKeyword", resolveDescription: "getDescriptionAnnotation" },
  "effect/Config": {
    String: "string",
    Int: "integer",
    NonEmptyString: "nonEmptyString",
    Redacted: "redacted"
  },
  "effect/ConfigProvider": { fromUnknown: "fromJson", layer: "effect/Layer#setConfigProvider" },
  "effect/Context": {
    "Service.Shape": "Tag.Service"
  },
  "effect/process/ChildProcessSpawner": {
    ChildProcessSpawner: "CommandExecutor",
    ChildProcessHandle: "Process",
    make: "makeExecutor"
  },
  "effect/PlatformError": {
    SystemErrorTag: "SystemErrorReason",
    systemError: "SystemError"
  },
  "@effect/platform-node/NodeHttpClient": { layerNodeHttp: "layer" },
  "effect/http/HttpBody": { jsonUnsafe: "unsafeJson" },
  "effect/Scope": { provide: "extend" },
  "effect/Stream": { fromEffectRepeat: "repeatEffect" },
  "effect/Redacted": { wipeUnsafe: "unsafeWipe" },
  "effect/Redactable": {
    symbolRedactable: "effect/Inspectable#symbolRedactable",
    redact: "effect/Inspectable#redact"
  },
  "effect/Logger": {
    formatSimple: "stringLogger",
    formatLogFmt: "logfmtLogger",
    formatJson: "jsonLogger",
    formatStructured: "structuredLogger",
    consolePretty: "prettyLogger"
  },
  "effect/Metric": {
    Counter: "Metric.Counter",
    exponentialBoundaries: "effect/MetricBoundaries#exponential"
  },
  "effect/LogLevel": { isGreaterThanOrEqualTo: "greaterThanEqual" },
  "effect/encoding/Base64Url": { encode: "encodeBase64Url" }
}

/**
 * The module of Effect 3 that has what a module of Effect 4 has.
 *
 * @param {string} module
 */
export const counterpart = (module) => modules[module] ?? module

/**
 * Where Effect 3 has a name.
 *
 * @param {string} module
 * @param {string} path
 */
export const renamed = (module, path) => {
  const own = names[module] ?? {}
  // The longest beginning that has a rule: Schema.Codec.Encoded before Schema.Codec.
  const parts = path.split(".")
  for (let length = parts.length; length > 0; length--) {
    const start = parts.slice(0, length).join(".")
    const to = Object.hasOwn(own, start) ? own[start] : undefined
    if (to === undefined) continue
    const [other, name = ""] = to.includes("#") ? to.split("#") : [counterpart(module), to]
    const rest = parts.slice(length)
    return { module: other ?? "", path: [name, ...rest].join("."), rule: `${module}.${start}` }
  }
  return { module: counterpart(module), path, rule: undefined }
}

/* What both majors have under one name and with another meaning: a use without a rule is an error. */

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
