// @ts-check

/**
 * What Effect 4 keeps in the context as references, and Effect 3 among its default services or in FiberRefs: reading one,
 * and giving another to an effect or a layer.
 */
import ts from "typescript"
import { isType } from "../source.mjs"
import { call, method } from "./shape.mjs"

/** @typedef {import("./shape.mjs").Context} Context */

const effect = "effect/Effect"

/**
 * Default services, and by what functions Effect 3 reads and gives them.
 *
 * @type {Readonly<Record<string, { readonly read?: string, readonly provide?: string, readonly layer?: string }>>}
 */
const services = {
  "effect/Clock.Clock": { read: "clock", provide: "withClock", layer: "setClock" },
  "effect/ConfigProvider.ConfigProvider": {
    read: "configProviderWith(Effect.succeed)",
    provide: "withConfigProvider"
  },
  "effect/Console.Console": { read: "console", provide: "withConsole" },
  "effect/Random.Random": { read: "random", provide: "withRandom" }
}

/** References that are FiberRefs in Effect 3. @type {Readonly<Record<string, string>>} */
const fiberRefs = {
  "effect/References.TracerEnabled": "effect/FiberRef.currentTracerEnabled",
  "effect/References.CurrentLoggers": "effect/FiberRef.currentLoggers",
  "effect/References.MinimumLogLevel": "effect/FiberRef.currentMinimumLogLevel",
  "effect/http/HttpClient.TracerDisabledWhen": "@effect/platform/HttpClient.currentTracerDisabledWhen",
  "effect/http/HttpClient.TracerPropagationEnabled": "@effect/platform/HttpClient.currentTracerPropagation",
  "effect/http/Headers.CurrentRedactedNames": "@effect/platform/Headers.currentRedactedNames"
}

/** Levels of a log. @type {Readonly<Record<string, string>>} */
const levels = { All: "All", None: "None", Warn: "Warning" }

/** @param {string} name `effect/Clock.Clock` */
const split = (name) => {
  const at = name.lastIndexOf(".")
  const [module, path] = [name.slice(0, at), name.slice(at + 1)]
  return { module, path, short: `${module.slice(module.lastIndexOf("/") + 1)}.${path}` }
}

/**
 * What is a key in a call, or a type, is not read there.
 *
 * @param {ts.Expression} node
 * @param {Context} context
 */
const isKey = (node, context) => {
  const { parent } = node
  if (isType(node)) return true
  if (!ts.isCallExpression(parent) || parent.expression === node) return false
  const api = context.api(parent.expression)
  return (
    api === undefined || ["effect/Context", "effect/Layer"].includes(api.module) || /Service/.test(api.path)
  )
}

/**
 * The arguments of a call without the key, which is the last but one; undefined where it is another.
 *
 * @param {ts.CallExpression} node
 * @param {string} key
 * @param {Context} context
 */
const withoutKey = ({ arguments: list }, key, context) => {
  const { module, path } = split(key)
  const at = list.length - 2
  return context.is(list[at], module, path)
    ? list.flatMap((one, index) => (index === at ? [] : [context.render(one)]))
    : undefined
}

/**
 * @param {string} key
 * @param {string} from
 * @param {string} to
 * @param {(context: Context) => string} read
 * @returns {import("./shape.mjs").Shape}
 */
const reading = (key, from, to, read) => ({
  from,
  to,
  kind: ts.SyntaxKind.PropertyAccessExpression,
  rewrite: (node, context) => {
    const { module, path } = split(key)
    return context.is(node, module, path) && !isKey(node, context) ? read(context) : undefined
  }
})

const ofServices = Object.entries(services).flatMap(([key, { layer, provide, read }]) => {
  const { short } = split(key)
  return [
    ...(read === undefined
      ? []
      : [
          reading(key, `Effect.asVoid(${short})`, `Effect.asVoid(Effect.${read})`, (context) =>
            `${context.name(effect, read)}`.replace("(Effect.", `(${context.name(effect, "")}`)
          )
        ]),
    ...(provide === undefined
      ? []
      : [
          call(
            effect,
            "provideService",
            `Effect.provideService(Effect.void, ${short}, given)`,
            `Effect.${provide}(Effect.void, given)`,
            (node, context) => {
              const others = withoutKey(node, key, context)
              return others && `${context.name(effect, provide)}(${others.join(", ")})`
            }
          )
        ]),
    ...(layer === undefined
      ? []
      : [
          call(
            "effect/Layer",
            "succeed",
            `Layer.succeed(${short}, given)`,
            `Layer.${layer}(given)`,
            (node, context) => {
              const others = withoutKey(node, key, context)
              return others && `${context.name("effect/Layer", layer)}(${others.join(", ")})`
            }
          )
        ])
  ]
})

const ofFiberRefs = Object.entries(fiberRefs).flatMap(([key, ref]) => {
  const { short } = split(key)
  const to = split(ref)
  const nameOf = (/** @type {Context} */ context) => context.name(to.module, to.path)
  const rules = [
    method(
      "effect/Fiber.Fiber",
      "getRef",
      `Effect.withFiber((fiber) => Effect.sync(() => fiber.getRef(${short})))`,
      `Effect.withFiberRuntime((fiber) => Effect.sync(() => fiber.getFiberRef(${to.short})))`,
      ({ arguments: [ref] }, receiver, context) => {
        const { module, path } = split(key)
        return context.is(ref, module, path)
          ? `${context.render(receiver)}.getFiberRef(${nameOf(context)})`
          : undefined
      }
    ),
    reading(
      key,
      `Effect.asVoid(${short})`,
      `Effect.asVoid(FiberRef.get(${to.short}))`,
      (context) => `${context.name("effect/FiberRef", "get")}(${nameOf(context)})`
    ),
    ...[
      ["provideService", "locally"],
      ["updateService", "locallyWith"]
    ].map(([name = "", becomes = ""]) =>
      call(
        effect,
        name,
        `Effect.${name}(Effect.void, ${short}, given)`,
        `Effect.${becomes}(Effect.void, ${to.short}, given)`,
        (node, context) => {
          const [value, ...before] = [...(withoutKey(node, key, context) ?? [])].reverse()
          return (
            value && `${context.name(effect, becomes)}(${[...before, nameOf(context), value].join(", ")})`
          )
        }
      )
    )
  ]
  return rules.map((rule) => ({ ...rule, name: key }))
})

const ofLevels = Object.entries(levels).map(([level, to]) => ({
  from: `Effect.provideService(Effect.void, References.MinimumLogLevel, "${level}")`,
  to: `Effect.locally(Effect.void, FiberRef.currentMinimumLogLevel, LogLevel.${to})`,
  kind: ts.SyntaxKind.StringLiteral,
  rewrite: (/** @type {ts.StringLiteral} */ node, /** @type {Context} */ context) => {
    const { parent } = node
    if (node.text !== level || !ts.isCallExpression(parent)) return undefined
    const isLevel =
      parent.arguments.some((one) => context.is(one, "effect/References", "MinimumLogLevel")) ||
      context.api(parent.expression)?.module === "effect/LogLevel"
    return isLevel ? context.name("effect/LogLevel", to) : undefined
  }
}))

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const references = [...ofServices, ...ofFiberRefs, ...ofLevels]
