/**
 * GetWebIdentityToken: a JWT by which the caller proves its AWS identity to another party.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { integer, list, string, structure, timestamp } from "../../protocol/aws/shape.js"
import { InstantFromDate } from "../Expiry.js"
import { Request } from "../Request.js"
import { NonEmptySecret } from "../Secret.js"
import { anyText, ClaimTags, listOf, seconds, tagsShape } from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * How the token is signed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SigningAlgorithm = Schema.Literal("RS256", "ES384").annotations({
  description: "must be RS256 or ES384"
})

/**
 * How the token is signed.
 *
 * @category models
 * @since 0.1.0
 */
export type SigningAlgorithm = typeof SigningAlgorithm.Type

/**
 * What GetWebIdentityToken is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class GetWebIdentityTokenRequest extends Request<GetWebIdentityTokenRequest>(
  "aws",
  "GetWebIdentityToken"
)({
  /** Who the token is for: 1 to 10 names of 1 to 1000 characters. */
  audience: listOf(anyText(1, 1000), 1, 10),
  /** How long the token lasts, in seconds: 60 to 3600, 300 if absent, and no longer than the caller's session. */
  durationSeconds: Schema.optional(seconds(60, 3600)),
  signingAlgorithm: SigningAlgorithm,
  tags: Schema.optional(ClaimTags)
}) {}

/**
 * What GetWebIdentityToken answers.
 *
 * @category models
 * @since 0.1.0
 */
export class GetWebIdentityTokenResponse extends Schema.Class<GetWebIdentityTokenResponse>(
  "effect-sts/aws/GetWebIdentityTokenResponse"
)({
  requestId: Schema.optional(Schema.String),
  webIdentityToken: NonEmptySecret,
  expiration: InstantFromDate
}) {}

/**
 * GetWebIdentityToken as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const GetWebIdentityToken = Operation.make({
  name: "GetWebIdentityToken",
  authentication: "signed",
  request: GetWebIdentityTokenRequest,
  input: structure({
    audience: ["Audience", list(string)],
    durationSeconds: ["DurationSeconds", integer],
    signingAlgorithm: ["SigningAlgorithm", string],
    tags: ["Tags", tagsShape]
  }),
  output: structure({
    webIdentityToken: ["WebIdentityToken", string],
    expiration: ["Expiration", timestamp]
  }),
  response: GetWebIdentityTokenResponse,
  codes: [
    "JWTPayloadSizeExceededException",
    "OutboundWebIdentityFederationDisabledException",
    "SessionDurationEscalationException"
  ]
})
