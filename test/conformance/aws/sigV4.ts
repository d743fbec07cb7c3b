/**
 * The signing test suite that the vendor publishes: each request signed in its headers and in its URL.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Redacted from "effect/Redacted"
import { headersFrom, presign, type Request, type Signature, sign } from "../../../src/protocol/aws/sigV4.js"
import { encodePairs, type Pairs } from "../../../src/protocol/encoding.js"
import { pure, readJson, type Suite } from "../Suite.js"

interface Given {
  readonly credentials: {
    readonly access_key_id: string
    readonly secret_access_key: string
    readonly token?: string
  }
  readonly expiration_in_seconds: number
  readonly normalize: boolean
  readonly region: string
  readonly service: string
  readonly sign_body: boolean
  readonly timestamp: string
  readonly omit_session_token?: boolean
}

interface Message {
  readonly method: string
  readonly target: string
  readonly headers: Pairs
  readonly body: string
}

const parse = (text: string): Message => {
  const [head = "", ...rest] = text.split("\n\n")
  const [start = "", ...lines] = head.replace(/\n(?=[ \t])/g, "\r").split("\n")
  const colon = (line: string) => line.indexOf(":")
  return {
    method: start.slice(0, start.indexOf(" ")),
    target: start.slice(start.indexOf(" ") + 1, start.lastIndexOf(" ")),
    headers: lines
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, colon(line)), line.slice(colon(line) + 1)] as const),
    body: rest.join("\n\n")
  }
}

const requestOf = ({ body, headers, method, target }: Message): Request => {
  const [path = "", query = ""] = target.split(/\?(.*)/s)
  return { method, path, query: [...new URLSearchParams(query)], headers: headersFrom(headers), body }
}

const byName = (headers: Readonly<Record<string, string>>) => Object.entries(headers).sort()

export const sigV4: Suite = {
  name: "aws/sigv4",
  cases: (path) =>
    readdirSync(path).flatMap((name) => {
      const read = (file: string) => readFileSync(join(path, name, file), "utf8")
      const given = readJson<Given>(join(path, name, "context.json"))
      const { access_key_id, secret_access_key, token } = given.credentials
      const key = {
        accessKeyId: access_key_id,
        secretAccessKey: Redacted.make(secret_access_key),
        sessionToken: token === undefined ? undefined : Redacted.make(token)
      }
      const context = { region: given.region, service: given.service, time: Date.parse(given.timestamp) }
      const variant = { normalizePath: given.normalize, signToken: given.omit_session_token !== true }
      const message = parse(read("request.txt"))
      const request = requestOf(message)

      const compare = (mode: "header" | "query", actual: Signature): Message => {
        strictEqual(actual.canonicalRequest, read(`${mode}-canonical-request.txt`))
        strictEqual(actual.stringToSign, read(`${mode}-string-to-sign.txt`))
        strictEqual(actual.signature, read(`${mode}-signature.txt`))
        return parse(read(`${mode}-signed-request.txt`))
      }

      return [
        pure(`${name}, header`, () => {
          const signed = sign(
            { ...context, request, variant: { ...variant, signBody: given.sign_body } },
            key
          )
          const expected = compare("header", signed)
          strictEqual(message.target, expected.target)
          deepStrictEqual(byName(signed.headers), byName(headersFrom(expected.headers)))
        }),
        pure(`${name}, query`, () => {
          const signed = presign({ ...context, request, variant }, key, given.expiration_in_seconds)
          const expected = compare("query", signed)
          const { target } = message
          strictEqual(
            `${target}${target.includes("?") ? "&" : "?"}${encodePairs(signed.parameters)}`,
            expected.target
          )
          deepStrictEqual(message.headers, expected.headers)
        })
      ]
    })
}
