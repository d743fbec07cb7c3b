/** Whether credentials can be signed with at all. */

import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Cloud, StsSignatureError } from "../schemas/StsError.js"

const headerText = /^[\x21-\x7e]*$/

const parts: Readonly<Record<Cloud, ReadonlyArray<string>>> = {
  alibaba: ["accessKeyId", "accessKeySecret", "securityToken"],
  aws: ["accessKeyId", "secretAccessKey", "sessionToken"]
}

const faultOf = (part: unknown): string | undefined => {
  let plain: unknown
  try {
    plain = Redacted.isRedacted(part) ? Redacted.value(part) : part
  } catch {
    return "has been wiped from memory"
  }
  return headerText.test(String(plain)) ? undefined : "holds a space or a control character"
}

/** Signs, unless a secret has been wiped from memory or a part holds a character that no header can carry. */
export const check = <A>(
  cloud: Cloud,
  operation: string,
  credentials: object,
  sign: () => A
): Effect.Effect<A, StsSignatureError> => {
  for (const name of parts[cloud]) {
    const part = (credentials as Readonly<Record<string, unknown>>)[name]
    const fault = part === undefined ? undefined : faultOf(part)
    if (fault !== undefined) {
      return Effect.fail(new StsSignatureError({ cloud, operation, detail: `${name} ${fault}` }))
    }
  }
  return Effect.succeed(sign())
}
