/**
 * Credentials from the environment, or from whatever Effect's ConfigProvider reads.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Variable } from "../../protocol/settingTable.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { settings } from "../../services/setting.js"
import { type Names, variables } from "../credentials.js"
import { read } from "./credentials.js"

const name = "environment"

const expiration = "AWS_CREDENTIAL_EXPIRATION"

const keysWith = (token: Variable): Names<Variable> => ({
  id: "AWS_ACCESS_KEY_ID",
  secret: "AWS_SECRET_ACCESS_KEY",
  token,
  expiration
})

const keys = keysWith("AWS_SESSION_TOKEN")
const olderKeys = keysWith("AWS_SECURITY_TOKEN")

const ended = () =>
  new StsCredentialError({
    cloud: "aws",
    source: name,
    reason: "Expired",
    key: expiration,
    detail: `${expiration} has passed`,
    hint: "Get new credentials, or unset the variables to use another source."
  })

/**
 * Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary credentials, `AWS_SESSION_TOKEN` (or the older
 * `AWS_SECURITY_TOKEN`) and `AWS_CREDENTIAL_EXPIRATION` each time it is asked, and the account from `AWS_ACCOUNT_ID`.
 * Blank counts as unset; half a pair is `Incomplete`, expired credentials are `Expired`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = {
  name,
  get: Effect.gen(function* () {
    const current = yield* variables(keys)
    const older = yield* variables(olderKeys)
    const isOlder = current.token === undefined && older.token !== undefined
    const { AWS_ACCOUNT_ID: accountId } = yield* settings(["AWS_ACCOUNT_ID"])
    const place = { source: name, keys: isOlder ? olderKeys : keys }
    const credentials = yield* Effect.fromResult(read(place, { ...(isOlder ? older : current), accountId }))
    return (yield* credentials.isExpired) ? yield* ended() : credentials
  })
}

/**
 * The environment alone.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider> = Layer.succeed(CredentialProvider, source)
