/** What narrows a session: policies that are sent along, and the room that they and the tags take. */
import { deflateRawSync } from "node:zlib"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { Tags } from "./Identity.js"
import * as Policy from "./Policy.js"
import * as Refusals from "./Refusals.js"

/** What is sent along. */
export interface Sent {
  readonly policy?: string | undefined
  readonly policyArns?: ReadonlyArray<{ readonly arn: string | undefined }> | undefined
  readonly tags?: Tags | undefined
}

/** What it amounts to. */
export interface Narrowed {
  readonly policies: ReadonlyArray<Policy.Document> | undefined
  /** In percent, where anything was sent. */
  readonly packedPolicySize: number | undefined
}

// How the service packs is its secret; this has the same effect: what is long and hard to compress does not fit.
const room = 2048

const everything: Policy.Document = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }]
}

// What other managed policies say is not known here, so they allow nothing.
const managed = new Map<string | undefined, Policy.Document>([
  ["arn:aws:iam::aws:policy/AdministratorAccess", everything]
])

const managedArn = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/

const parse = (policy: string): Result.Result<Policy.Document, Refusal> =>
  Result.fromOption(Policy.parse(policy), () =>
    Refusals.malformedPolicy(
      isJson(policy) ? "Syntax errors in policy." : "This policy contains invalid Json"
    )
  )

const isJson = (text: string): boolean => Result.isSuccess(Result.try((): unknown => JSON.parse(text)))

const percentOf = (texts: ReadonlyArray<string>): number =>
  Math.ceil((deflateRawSync(texts.join("\n")).length * 100) / room)

/** The policies that narrow a session, unless they are malformed or too large. */
export const narrow = ({ policy, policyArns = [], tags = {} }: Sent): Result.Result<Narrowed, Refusal> =>
  Result.gen(function* () {
    const arns = policyArns.flatMap(({ arn }) => (arn === undefined ? [] : [arn]))
    const texts = [...(policy === undefined ? [] : [policy]), ...arns, ...Object.entries(tags).flat()]
    if (texts.length === 0) return { policies: undefined, packedPolicySize: undefined }
    for (const arn of arns) {
      if (!managedArn.test(arn)) return yield* Result.fail(Refusals.validation(`${arn} is invalid`))
    }
    const inline = policy === undefined ? [] : [yield* parse(policy)]
    const known = arns.flatMap((arn) => managed.get(arn) ?? [])
    const packedPolicySize = percentOf(texts)
    if (packedPolicySize > 100) return yield* Result.fail(Refusals.packedPolicyTooLarge(packedPolicySize))
    return {
      policies: policy === undefined && arns.length === 0 ? undefined : [...inline, ...known],
      packedPolicySize
    }
  })
