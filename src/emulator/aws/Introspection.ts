/**
 * Operations that tell what something is and issue nothing: GetCallerIdentity, GetAccessKeyInfo and
 * DecodeAuthorizationMessage, with the messages that it decodes.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { DecodeAuthorizationMessageOperation } from "../../schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfoOperation } from "../../schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentityOperation } from "../../schemas/aws/GetCallerIdentity.js"
import { accountOf, arnOfIdentity, userIdOf } from "./Identity.js"
import { operation } from "./Operation.js"
import * as Permission from "./Permission.js"
import { invalidAuthorizationMessage, validation } from "./Refusals.js"
import * as Seed from "./Seed.js"
import type { State } from "./State.js"

/** Tells the caller who it is. No policy can deny it. */
export const getCallerIdentity = operation(GetCallerIdentityOperation, (_state, { caller: { identity } }) =>
  Effect.succeed({
    arn: arnOfIdentity(identity),
    userId: userIdOf(identity),
    account: identity.account.id
  })
)

/** Tells which account a key belongs to: any key whose id tells, and every key that is known here. */
export const getAccessKeyInfo = operation(GetAccessKeyInfoOperation, (state, { caller, fields, now }) =>
  Effect.fromResult(
    Result.gen(function* () {
      const { accessKeyId } = fields
      yield* Permission.check(caller, now, "sts:GetAccessKeyInfo")
      const account = state.findKey(accessKeyId)?.owner.account.id ?? accountOf(accessKeyId)
      return account === undefined
        ? yield* Result.fail(validation("The specified access key id is not valid."))
        : { account }
    })
  )
)

/** What a service refused to do, and to whom. */
export interface AuthorizationMessageOptions {
  /** The account that may decode it; the seeded one where left out. */
  readonly accountId?: string | undefined
  /** `ec2:RunInstances` where left out. */
  readonly action?: string | undefined
  /** The resource, by its ARN; none is told where left out. */
  readonly resource?: string | undefined
}

const documentOf = ({ action, resource }: AuthorizationMessageOptions): object => ({
  allowed: false,
  explicitDeny: false,
  matchedStatements: { items: [] },
  failures: { items: [] },
  context: {
    principal: { id: "AIDAEMULATORBOB000001", name: "bob", arn: Seed.arns.userWithoutPermission },
    action: action ?? "ec2:RunInstances",
    resource: resource ?? `arn:aws:ec2:${Seed.region}:${Seed.accountId}:instance/*`,
    conditions: { items: [{ key: "ec2:InstanceType", values: { items: [{ value: "t3.micro" }] } }] }
  }
})

/** A message as a service encodes it in a refusal. */
export const mintAuthorizationMessage = (
  state: State,
  options: AuthorizationMessageOptions,
  now: number
): Effect.Effect<string> =>
  Effect.map(state.generator.text(200), (encoded) => {
    const message = {
      accountId: options.accountId ?? Seed.accountId,
      text: JSON.stringify(documentOf(options))
    }
    state.authorizationMessages.set(encoded, message, now)
    return encoded
  })

/** Tells why a request was refused. */
export const decodeAuthorizationMessage = operation(
  DecodeAuthorizationMessageOperation,
  (state, { caller, fields, now }) =>
    Effect.fromResult(
      Result.gen(function* () {
        yield* Permission.check(caller, now, "sts:DecodeAuthorizationMessage")
        const message = state.authorizationMessages.get(fields.encodedMessage, now)
        return message?.accountId === caller.identity.account.id
          ? { decodedMessage: message.text }
          : yield* Result.fail(invalidAuthorizationMessage)
      })
    )
)
