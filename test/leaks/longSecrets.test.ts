/**
 * Secrets of every length, in every field that can carry one, refused by a service that repeats all that it was sent.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { leakyReplies } from "../support/leakyReplies.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { type Answer, reply, scripted } from "../support/scripted.js"
import { awsRequest, request } from "./calls.js"
import { unrepeated } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"

type Call = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

interface Field {
  readonly longest: number
  readonly call: (secret: string) => Call
}

const keyed = (secret: string) => ({ accessKeyId: "LTAI", accessKeySecret: secret, securityToken: secret })
const awsKeyed = (secret: string) => ({ accessKeyId: "AKIA", secretAccessKey: secret, sessionToken: secret })
const awsKey = awsKeyed("none")

const longest = 100_000
const role = { roleArn: awsRequest.role.roleArn, roleSessionName: "report" }

type SignedCall = Effect.Effect<unknown, unknown, Aws.Signer | Aws.CredentialProvider | HttpClient.HttpClient>

const awsCalls: Readonly<Record<string, SignedCall>> = {
  AssumeRole: Aws.assumeRole(role),
  AssumeRoot: Aws.assumeRoot({
    targetPrincipal: "123456789012",
    taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" }
  }),
  DecodeAuthorizationMessage: Aws.decodeAuthorizationMessage({ encodedMessage: "x" }),
  GetAccessKeyInfo: Aws.getAccessKeyInfo({ accessKeyId: "AKIAIOSFODNN7EXAMPLE" }),
  GetCallerIdentity: Aws.getCallerIdentity(),
  GetFederationToken: Aws.getFederationToken({ name: "bob" }),
  GetSessionToken: Aws.getSessionToken(),
  GetWebIdentityToken: Aws.getWebIdentityToken({ audience: ["a"], signingAlgorithm: "RS256" })
}

/** Every operation that is signed, with its key and token. */
const signed: Readonly<Record<string, Field>> = Object.fromEntries([
  ...(["acs3", "rpc"] as const).flatMap((signing) => [
    [
      `Alibaba GetCallerIdentity, ${signing}`,
      {
        longest,
        call: (secret: string) => Alibaba.getCallerIdentity().pipe(signedWith(signing, keyed(secret)))
      }
    ],
    [
      `Alibaba AssumeRole, ${signing}`,
      {
        longest,
        call: (secret: string) => Alibaba.assumeRole(request.role).pipe(signedWith(signing, keyed(secret)))
      }
    ]
  ]),
  ...Object.entries(awsCalls).map(([name, call]) => [
    `AWS ${name}`,
    { longest, call: (secret: string) => call.pipe(signedForAws(awsKeyed(secret))) }
  ])
])

const fields: Readonly<Record<string, Field>> = {
  ...signed,
  "Alibaba AssumeRoleWithOIDC": {
    longest: 20_000,
    call: (oidcToken) => Alibaba.assumeRoleWithOIDC({ ...request.oidc, oidcToken })
  },
  "Alibaba AssumeRoleWithSAML": {
    longest: 100_000,
    call: (samlAssertion) => Alibaba.assumeRoleWithSAML({ ...request.saml, samlAssertion })
  },
  "AWS AssumeRoleWithWebIdentity": {
    longest: 20_000,
    call: (webIdentityToken) => Aws.assumeRoleWithWebIdentity({ ...awsRequest.webIdentity, webIdentityToken })
  },
  "AWS AssumeRoleWithSAML": {
    longest: 100_000,
    call: (samlAssertion) => Aws.assumeRoleWithSAML({ ...awsRequest.saml, samlAssertion })
  },
  "AWS AssumeRole with a context": {
    longest: 2048,
    call: (contextAssertion) =>
      Aws.assumeRole({
        ...role,
        providedContexts: [{ providerArn: "arn:aws:iam::aws:contextProvider/x", contextAssertion }]
      }).pipe(signedForAws(awsKey))
  },
  "AWS GetDelegatedAccessToken": {
    longest,
    call: (tradeInToken) => Aws.getDelegatedAccessToken({ tradeInToken }).pipe(signedForAws(awsKey))
  }
}

/** Texts that no two parts of are alike, of characters that spellings differ in, and of one character alone. */
const makers: Readonly<Record<string, (length: number) => string>> = {
  "of base64": unrepeated,
  "of characters that are escaped": (length) =>
    '+/="&<>%2B\\u0041{}^*(.'.repeat(length / 20 + 1).slice(0, length),
  "of one character": (length) => "(".repeat(length)
}

const lengths = [1, 4, 11, 12, 13, 100, 1_000, 20_000, 88_000, 100_000]

const kinds = Object.keys(leakyReplies).filter((kind) => /^(refusal|page|content type)/.test(kind))

/** A service that repeats what it was sent, and the key that it was signed with. */
const echoing =
  (kind: string, secret: string): Answer =>
  (sentRequest, sent) => {
    const headers = Object.entries({ ...sent.headers, "x-key": secret }).flat()
    const said = leakyReplies[kind]?.({ headers, body: sent.body, planted: {} })
    return reply(said?.status ?? 400, said?.body ?? "", said?.headers)(sentRequest, sent)
  }

const modes: Readonly<
  Record<string, (call: Call, http: ReturnType<typeof scripted>) => Promise<Exit.Exit<unknown, unknown>>>
> = {
  asynchronous: (call, http) => Effect.runPromiseExit(Effect.provide(call, http.layer)),
  blocking: async (call, http) => Effect.runSyncExit(Effect.provide(call, http.layer))
}

const typed = (exit: Exit.Exit<unknown, unknown>): unknown => {
  assert.isTrue(Exit.isFailure(exit))
  const failure = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  assert.isDefined(failure, `a defect: ${String(exit).slice(0, 100)}`)
  return failure
}

describe("a refusal shows no secret of any length", () => {
  for (const [mode, run] of Object.entries(modes)) {
    for (const [name, { call, longest }] of Object.entries(fields)) {
      it(`${name}, ${mode}`, async () => {
        for (const [what, make] of Object.entries(makers)) {
          for (const length of lengths.filter((one) => one <= longest)) {
            const secret = make(length)
            const kind = kinds[(length + what.length) % kinds.length] ?? ""
            const http = scripted(echoing(kind, secret))
            const error = typed(
              await run(call(secret).pipe(calling("http://127.0.0.1", { maxAttempts: 1 })), http)
            )
            if (length < 8) continue
            const texts = printouts(error)
              .map(([, text]) => text)
              .join("\n")
            // Text that was hidden is told by none of its parts; a part of one character alone is in every text.
            const parts =
              length < 100 ? { secret } : { secret, head: secret.slice(0, 24), tail: secret.slice(-24) }
            assert.deepStrictEqual(search(texts, parts), [], `${what}, ${length} characters, ${kind}`)
            assert.isBelow(String(error).length, 4_000)
          }
        }
      })
    }
  }
})
