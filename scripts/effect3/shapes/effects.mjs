// @ts-check

/** Effects, fibers, layers and streams: functions that take or return something else. */
import ts from "typescript"
import { call, method, property } from "./shape.mjs"

const effect = "effect/Effect"
const stream = "effect/Stream"

/**
 * What an arrow function without a block answers.
 *
 * @param {ts.Node | undefined} node
 */
const answerOf = (node) => {
  if (node === undefined || !ts.isArrowFunction(node) || ts.isBlock(node.body)) return undefined
  return ts.isParenthesizedExpression(node.body) ? node.body.expression : node.body
}

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const effects = [
  {
    from: "Effect.repeat(Effect.yieldNow, { times: 3 })",
    to: "Effect.repeat(Effect.yieldNow(), { times: 3 })",
    kind: ts.SyntaxKind.PropertyAccessExpression,
    rewrite: (node, context) =>
      context.is(node, effect, "yieldNow") &&
      !(ts.isCallExpression(node.parent) && node.parent.expression === node)
        ? `${context.name(effect, "yieldNow")}()`
        : undefined
  },
  call(
    effect,
    "timeoutOrElse",
    `Effect.timeoutOrElse(Effect.never, { duration: "1 second", orElse: () => Effect.fail("late") })`,
    `Effect.timeoutFail(Effect.never, { duration: "1 second", onTimeout: () => "late" })`,
    (node, context) => {
      const options = node.arguments.at(-1)
      const answer = answerOf(property(options, "orElse"))
      if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined
      if (answer === undefined || !ts.isCallExpression(answer)) return undefined
      const [error] = answer.arguments
      if (error === undefined || !context.is(answer.expression, effect, "fail")) return undefined
      const text = context.render(error)
      const last = context.object(options, (one) =>
        one.name?.getText() === "orElse"
          ? `onTimeout: () => ${text.startsWith("{") ? `(${text})` : text}`
          : undefined
      )
      const all = [...node.arguments.slice(0, -1).map(context.render), last]
      return `${context.name(effect, "timeoutFail")}(${all.join(", ")})`
    }
  ),
  ...[
    ["andThen", "zipRight"],
    ["tap", "zipLeft"]
  ].map(([name = "", to = ""]) =>
    // In Effect 3 a tag, which is a class, would be taken for a function there.
    call(
      effect,
      name,
      `Effect.${name}(Effect.void, Effect.never)`,
      `Effect.${to}(Effect.void, Effect.never)`,
      (node, context) => {
        const last = node.arguments.at(-1)
        if (last === undefined || ts.isArrowFunction(last) || context.isFunction(last)) return undefined
        return `${context.name(effect, to)}(${context.list(node.arguments)})`
      }
    )
  ),
  method(
    "effect/Fiber.Fiber",
    "interruptUnsafe",
    "Effect.withFiber((fiber) => Effect.sync(() => fiber.interruptUnsafe(fiber.id)))",
    "Effect.withFiberRuntime((fiber) => Effect.sync(() => fiber.unsafeInterruptAsFork(fiber.id())))",
    ({ arguments: [id] }, receiver, context) =>
      `${context.render(receiver)}.unsafeInterruptAsFork(${id === undefined ? context.name("effect/FiberId", "none") : context.render(id)})`
  ),
  {
    from: "Effect.withFiber((fiber) => Effect.succeed(fiber.id))",
    to: "Effect.withFiberRuntime((fiber) => Effect.succeed(fiber.id()))",
    kind: ts.SyntaxKind.PropertyAccessExpression,
    rewrite: (node, context) =>
      node.name.text === "id" && context.ownersOf(node.name).includes("effect/Fiber.Fiber")
        ? `${context.render(node.expression)}.id()`
        : undefined
  },
  {
    from: "export abstract class Still implements Clock.Clock { }",
    to: "export abstract class Still implements Clock.Clock { readonly [Clock.ClockTypeId]: Clock.ClockTypeId = Clock.ClockTypeId; }",
    kind: ts.SyntaxKind.ClassDeclaration,
    rewrite: (node, context) => {
      /** @type {ReadonlyArray<ts.HeritageClause>} */
      const clauses = node.heritageClauses ?? []
      if (
        !clauses.some(({ types }) => types.some((one) => context.is(one.expression, "effect/Clock", "Clock")))
      )
        return undefined
      const id = context.name("effect/Clock", "ClockTypeId")
      const inside = context.inside(node)
      const at = inside.indexOf("{", inside.indexOf("implements")) + 1
      return `${inside.slice(0, at)} readonly [${id}]: ${id} = ${id};${inside.slice(at)}`
    }
  },
  ...[effect, "effect/Result"].map((module) => {
    const [name, to] = module === effect ? ["Effect", "Effect"] : ["Result", "Either"]
    return call(
      module,
      "gen",
      `export class One { value = ${name}.gen({ self: this }, function* () { return 1 }) }`,
      `export class One { value = ${to}.gen(this, function* () { return 1 }) }`,
      (node, context) => {
        const [options, body] = node.arguments
        const self = property(options, "self")
        return (
          self &&
          body &&
          `${context.name(`effect/${to}`, "gen")}(${context.render(self)}, ${context.render(body)})`
        )
      }
    )
  }),
  call(
    effect,
    "reduce",
    "Effect.reduce([1], () => 0, (sum, one) => Effect.succeed(sum + one))",
    "Effect.reduce([1], 0, (sum, one) => Effect.succeed(sum + one))",
    (node, context) => {
      const [all, zero, step] = node.arguments
      const answer = answerOf(zero)
      return all && answer && step
        ? `${context.name(effect, "reduce")}(${[all, answer, step].map(context.render).join(", ")})`
        : undefined
    }
  ),
  call(
    "effect/Fiber",
    "getCurrent",
    "Fiber.getCurrent()",
    "Option.getOrUndefined(Fiber.getCurrentFiber())",
    (_, context) =>
      `${context.name("effect/Option", "getOrUndefined")}(${context.name("effect/Fiber", "getCurrentFiber")}())`
  ),
  method(
    "effect/Fiber.Fiber",
    "pollUnsafe",
    "Effect.withFiber((fiber) => Effect.succeed(fiber.pollUnsafe()))",
    "Effect.withFiberRuntime((fiber) => Effect.succeed((fiber.unsafePoll() ?? undefined)))",
    (_, receiver, context) => `(${context.render(receiver)}.unsafePoll() ?? undefined)`
  ),
  call(
    "effect/Deferred",
    "makeUnsafe",
    "Deferred.makeUnsafe<void>()",
    "Deferred.unsafeMake<void>(FiberId.none)",
    (node, context) => {
      const types = node.typeArguments === undefined ? "" : `<${context.list(node.typeArguments)}>`
      return `${context.name("effect/Deferred", "unsafeMake")}${types}(${context.name("effect/FiberId", "none")})`
    }
  ),
  call(
    "effect/testing/TestClock",
    "layer",
    "Effect.provide(Effect.void, TestClock.layer())",
    "Effect.provide(Effect.void, TestContext.TestContext)",
    (_, context) => context.name("effect/TestContext", "TestContext")
  ),
  call(
    "effect/Logger",
    "layer",
    "Logger.layer([Logger.consolePretty()])",
    "Logger.replace(Logger.defaultLogger, Logger.prettyLogger())",
    ({ arguments: [list, options] }, context) => {
      const logger = "effect/Logger"
      if (options !== undefined || !list || !ts.isArrayLiteralExpression(list) || list.elements.length !== 1)
        return undefined
      return `${context.name(logger, "replace")}(${context.name(logger, "defaultLogger")}, ${context.list(list.elements)})`
    }
  ),
  call(
    "effect/ManagedRuntime",
    "make",
    "ManagedRuntime.make(Layer.empty, { memoMap })",
    "ManagedRuntime.make(Layer.empty, memoMap)",
    ({ arguments: [layer, options] }, context) => {
      if (layer === undefined || options === undefined || !ts.isObjectLiteralExpression(options))
        return undefined
      const [only, ...others] = options.properties
      if (others.length > 0 || only?.name?.getText() !== "memoMap") return undefined
      const map = ts.isPropertyAssignment(only) ? context.render(only.initializer) : "memoMap"
      return `${context.name("effect/ManagedRuntime", "make")}(${context.render(layer)}, ${map})`
    }
  ),
  call(
    "effect/Metric",
    "withAttributes",
    `Metric.withAttributes(Metric.counter("calls"), { cloud: "aws" })`,
    `Metric.tagged(Metric.counter("calls"), "cloud", "aws")`,
    ({ arguments: [metric, attributes] }, context) => {
      if (!metric || !attributes || !ts.isObjectLiteralExpression(attributes)) return undefined
      const [only, ...others] = attributes.properties
      if (others.length > 0 || !only || !ts.isPropertyAssignment(only) || !ts.isIdentifier(only.name))
        return undefined
      const tag = `${JSON.stringify(only.name.text)}, ${context.render(only.initializer)}`
      return `${context.name("effect/Metric", "tagged")}(${context.render(metric)}, ${tag})`
    }
  ),
  call(
    stream,
    "runCollect",
    "Stream.runCollect(Stream.make(1))",
    "Effect.map(Stream.runCollect(Stream.make(1)), Chunk.toReadonlyArray)",
    (node, context) =>
      `${context.name(effect, "map")}(${context.name(stream, "runCollect")}(${context.list(node.arguments)}), ${context.name("effect/Chunk", "toReadonlyArray")})`
  ),
  call(
    stream,
    "runFold",
    "Stream.runFold(Stream.make(1), () => 0, (sum, one) => sum + one)",
    "Stream.runFold(Stream.make(1), 0, (sum, one) => sum + one)",
    (node, context) => {
      const [all, zero, step] = node.arguments
      const answer = answerOf(zero)
      return all && answer && step
        ? `${context.name(stream, "runFold")}(${[all, answer, step].map(context.render).join(", ")})`
        : undefined
    }
  ),
  {
    from: `Tracer.make({ span, context: (primitive, fiber) => primitive["~effect/Effect/evaluate"](fiber) })`,
    to: "Tracer.make({ span, context: (execute) => execute() })",
    kind: ts.SyntaxKind.ArrowFunction,
    rewrite: (node) =>
      /^\((\w+), (\w+)\) => \1\["~effect\/Effect\/evaluate"\]\(\2\)$/.test(node.getText())
        ? "(execute) => execute()"
        : undefined
  },
  ...["add", "subtract"].map((name) =>
    call(
      "effect/DateTime",
      name,
      `DateTime.${name}(DateTime.makeUnsafe(0), { milliseconds: 1 })`,
      `DateTime.${name}(DateTime.unsafeMake(0), { millis: 1 })`,
      (node, context) => {
        const parts = node.arguments.at(-1)
        if (parts === undefined || !ts.isObjectLiteralExpression(parts)) return undefined
        const part = parts.properties.find((one) => one.name?.getText() === "milliseconds")
        if (part === undefined || !ts.isPropertyAssignment(part)) return undefined
        const last = context.object(parts, (one) =>
          one === part ? `millis: ${context.render(part.initializer)}` : undefined
        )
        const all = [...node.arguments.slice(0, -1).map(context.render), last]
        return `${context.name("effect/DateTime", name)}(${all.join(", ")})`
      }
    )
  )
]
