/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { presign } from "../../protocol/aws/presign.js"
import { sign } from "../../protocol/aws/sigV4.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsSignatureError } from "../../schemas/StsError.js"
import { Signer, type Signing } from "../../services/aws/Signer.js"
import * as Signable from "../signable.js"

const checked = <A>(
  operation: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  sign: () => A
): Result.Result<A, StsSignatureError> =>
  Signable.check("aws", operation, { accessKeyId, secretAccessKey, sessionToken }, sign)

// An object of its own each time that it is built: it tells which calls belong together.
const signing: Signing = {
  sign: ({ operation, request, variant, ...context }, credentials) =>
    Effect.fromResult(checked(operation, credentials, () => sign(request, credentials, context, variant))),
  presign: ({ operation, request, variant, ...context }, credentials, expiresInSeconds) =>
    Effect.fromResult(
      Result.map(
        checked(operation, credentials, () =>
          presign(request, credentials, context, { ...variant, expiresInSeconds })
        ),
        ({ parameters }) => parameters
      )
    )
}

/**
 * Signs with AWS Signature Version 4.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
