/**
 * The error code in a reply of any AWS service, whichever protocol it speaks.
 *
 * Source: "Common Error Types" and the error responses of Amazon S3, Amazon DynamoDB and Amazon Bedrock, API References.
 */
import * as Result from "effect/Result"
import { errorOf } from "./replyDocument.js"
import { parse } from "./xml.js"

// `com.amazon.coral.service#ExpiredTokenException:http://internal.amazon.com/`
const bare = (name: unknown): string | undefined =>
  typeof name === "string" ? /^(?:[\w.-]+#)?([\w.-]{1,100})(?::|$)/.exec(name)?.[1] : undefined

const inJson = (body: string): string | undefined => {
  try {
    const document: unknown = JSON.parse(body)
    if (typeof document !== "object" || document === null) return undefined
    const { __type, code, Code } = document as Readonly<Record<string, unknown>>
    return bare(__type) ?? bare(code) ?? bare(Code)
  } catch {
    return undefined
  }
}

const inXml = (body: string): string | undefined =>
  Result.match(parse(body), { onFailure: () => undefined, onSuccess: (root) => bare(errorOf(root)?.code) })

/** The code of a refusal, if it has one. Header names are in lower case. */
export const refusalCode = (headers: Readonly<Record<string, string>>, body: string): string | undefined =>
  bare(headers["x-amzn-errortype"]) ?? (body.trimStart().startsWith("<") ? inXml(body) : inJson(body))
