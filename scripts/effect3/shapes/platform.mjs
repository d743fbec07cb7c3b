// @ts-check

/** Errors of the client and of the platform, addresses: what was in @effect/platform. */
import ts from "typescript"
import { call, property } from "./shape.mjs"

const clientError = "effect/http/HttpClientError"
const platformError = "effect/PlatformError"

/** @type {ReadonlyArray<import("./shape.mjs").Shape>} */
export const platform = [
  {
    from: "new HttpClientError.HttpClientError({ reason: new HttpClientError.StatusCodeError({ request, response }) })",
    to: `new HttpClientError.ResponseError({ reason: "StatusCode", request, response })`,
    kind: ts.SyntaxKind.NewExpression,
    rewrite: (node, context) => {
      const reason = property(node.arguments?.[0], "reason")
      if (!context.is(node.expression, clientError, "HttpClientError")) return undefined
      if (reason === undefined || !ts.isNewExpression(reason)) return undefined
      const [fields] = reason.arguments ?? []
      if (!context.is(reason.expression, clientError, "StatusCodeError")) return undefined
      if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return undefined
      const made = context.name("@effect/platform/HttpClientError", "ResponseError")
      return `new ${made}({ reason: "StatusCode",${context.list(fields.properties)} })`
    }
  },
  call(
    platformError,
    "systemError",
    `PlatformError.systemError({ _tag: "NotFound", module: "FileSystem", method: "stat" })`,
    `new PlatformError.SystemError({ reason: "NotFound", module: "FileSystem", method: "stat" })`,
    (node, context) => {
      const [fields] = node.arguments
      if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return undefined
      const text = context.object(fields, (one) =>
        ts.isPropertyAssignment(one) && one.name.getText() === "_tag"
          ? ts.isIdentifier(one.initializer) && one.initializer.text === "reason"
            ? "reason"
            : `reason: ${context.render(one.initializer)}`
          : undefined
      )
      return `new ${context.render(node.expression)}(${text})`
    }
  ),
  {
    from: `export const info: Partial<FileSystem.File.Info> = { type: "File", dev: 0n }`,
    to: `export const info: Partial<FileSystem.File.Info> = { type: "File", dev: 0 }`,
    kind: ts.SyntaxKind.BigIntLiteral,
    rewrite: ({ parent, text }) =>
      ts.isPropertyAssignment(parent) && parent.name.getText() === "dev" ? text.slice(0, -1) : undefined
  },
  {
    from: "UrlParams.empty.params.length",
    to: "UrlParams.empty.length",
    kind: ts.SyntaxKind.PropertyAccessExpression,
    rewrite: (node, context) =>
      node.name.text === "params" && context.ownersOf(node.name).includes("effect/http/UrlParams.UrlParams")
        ? context.render(node.expression)
        : undefined
  },
  call(
    "effect/http/Url",
    "make",
    `Url.make("https://example.com", UrlParams.empty, undefined)`,
    `UrlParams.makeUrl("https://example.com", UrlParams.empty, Option.none())`,
    ({ arguments: [url, params, hash] }, context) => {
      if (url === undefined || params === undefined) return undefined
      const given = hash && ts.isCallExpression(hash) ? hash : undefined
      const option =
        hash === undefined || hash.getText() === "undefined"
          ? `${context.name("effect/Option", "none")}()`
          : given && context.is(given.expression, "effect/Option", "getOrUndefined")
            ? context.list(given.arguments)
            : `${context.name("effect/Option", "fromNullable")}(${context.render(hash)})`
      const all = [url, params].map(context.render)
      return `${context.name("@effect/platform/UrlParams", "makeUrl")}(${[...all, option].join(", ")})`
    }
  )
]
