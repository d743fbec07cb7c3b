/**
 * What the vendor's clients put on the wire, of both signature schemes and anonymous.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import * as acs3 from "../../../src/protocol/alibaba/acs3.js"
import * as rpc from "../../../src/protocol/alibaba/rpc.js"
import { pure, readJson, type Suite } from "../Suite.js"
import { operationNamed } from "./operations.js"

type Pairs = Readonly<Record<string, string>>

interface Captured {
  readonly method: string
  readonly path: string
  readonly query: Pairs
  readonly headers: Pairs
  readonly body: string
  readonly form: Pairs
}

/** The secret that every request was signed with. */
const secret = "testsecret"

const common = new Set([
  "AccessKeyId",
  "Action",
  "Format",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureVersion",
  "Timestamp",
  "Version"
])

const ownOf = (parameters: Pairs): Pairs =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !common.has(name)))

const checkNames = (action: string | undefined, parameters: Pairs): void => {
  const known = new Set<string>(
    Object.values(operationNamed(action ?? "").input.members).map(({ name }) => name)
  )
  deepStrictEqual(
    Object.keys(ownOf(parameters)).filter((name) => !known.has(name)),
    []
  )
}

const checkRpc = (method: string, { Signature, ...signed }: Pairs): void => {
  strictEqual(rpc.signature(secret, rpc.stringToSign(method, signed)), Signature)
}

const checkAcs3 = ({ body, headers, method, path, query }: Captured, authorization: string): void => {
  const accessKeyId = /Credential=([^,]+)/.exec(authorization)?.[1] ?? ""
  const signed = acs3.authorization(
    { method, path, query, headers, contentSha256: acs3.sha256(body) },
    { accessKeyId, accessKeySecret: secret }
  )
  strictEqual(signed.authorization, authorization)
}

/** The same request made here differs in nothing but the spelling of the format. */
const checkAnonymous = (captured: Pairs): void => {
  const { Action = "", Format = "", SignatureNonce = "", Timestamp = "", Version = "" } = captured
  const ours = rpc.unsignedParameters({
    action: Action,
    version: Version,
    parameters: ownOf(captured),
    time: Date.parse(Timestamp),
    nonce: SignatureNonce
  })
  deepStrictEqual(ours, { ...captured, Format: Format.toUpperCase() })
}

export const capturedRequests: Suite = {
  name: "alibaba/captured-requests.json",
  cases: (path) =>
    Object.entries(readJson<Readonly<Record<string, Captured>>>(path)).map(([name, captured]) =>
      pure(name, () => {
        const parameters = { ...captured.query, ...captured.form }
        const { authorization } = captured.headers
        checkNames(parameters["Action"] ?? captured.headers["x-acs-action"], parameters)
        if (authorization !== undefined) checkAcs3(captured, authorization)
        else if (parameters["Signature"] !== undefined) checkRpc(captured.method, parameters)
        else checkAnonymous(parameters)
      })
    )
}
