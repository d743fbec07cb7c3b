/**
 * GetSessionToken: temporary credentials of the IAM user who asks, mostly to prove an MFA device once for a while.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { integer, string, structure } from "../../protocol/aws/shape.js"
import { Request } from "../Request.js"
import { credentialsShape, TemporaryCredentials } from "./Credentials.js"
import { deviceWithCode, SerialNumber, TokenCode, UserDurationSeconds } from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * What GetSessionToken is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class GetSessionTokenRequest extends Request<GetSessionTokenRequest>("aws", "GetSessionToken")(
  {
    /** How long the credentials last, in seconds: 900 to 129 600, 43 200 if absent. */
    durationSeconds: Schema.optional(UserDurationSeconds),
    serialNumber: Schema.optional(SerialNumber),
    tokenCode: Schema.optional(TokenCode)
  },
  deviceWithCode
) {}

/**
 * What GetSessionToken answers.
 *
 * @category models
 * @since 0.1.0
 */
export class GetSessionTokenResponse extends Schema.Class<GetSessionTokenResponse>(
  "effect-sts/aws/GetSessionTokenResponse"
)({
  requestId: Schema.optional(Schema.String),
  credentials: TemporaryCredentials
}) {}

/**
 * GetSessionToken as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const GetSessionToken = Operation.make({
  name: "GetSessionToken",
  authentication: "signed",
  request: GetSessionTokenRequest,
  input: structure({
    durationSeconds: ["DurationSeconds", integer],
    serialNumber: ["SerialNumber", string],
    tokenCode: ["TokenCode", string]
  }),
  output: structure({ credentials: ["Credentials", credentialsShape] }),
  response: GetSessionTokenResponse,
  codes: ["RegionDisabledException"]
})
