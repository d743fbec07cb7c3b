/**
 * What the fault table needs to know of each cloud: a call, and what the cloud calls things.
 */

import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import type { RequestPolicyOptions } from "../../src/index.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { calling, type Runner, signedForAws, signedWith } from "../support/runners.js"

export interface Words {
  readonly throttled: string
  readonly denied: string
  readonly broken: string
  /** The refusal of a time that is too far off. */
  readonly wrongTime: string
  /**
   * Why a gateway's page is no reply: Alibaba Cloud's replies are told by their type; AWS's by their document, which
   * other implementations send as `text/html`.
   */
  readonly page: "ContentType" | "Malformed"
}

export interface Cloud {
  readonly name: string
  readonly words: Words
  /** Asks who the seeded user is. */
  readonly whoAmI: (
    runner: Runner,
    endpoint: string,
    policy: RequestPolicyOptions | undefined
  ) => Effect.Effect<{ readonly arn: string }, object, HttpClient.HttpClient>
  readonly user: string
}

export const clouds: ReadonlyArray<Cloud> = [
  {
    name: "Alibaba Cloud",
    words: {
      throttled: "Throttling.User",
      denied: "NoPermission",
      broken: "InternalError",
      wrongTime: "InvalidTimeStamp.Expired",
      page: "ContentType"
    },
    whoAmI: ({ signing }, endpoint, policy) =>
      Alibaba.getCallerIdentity().pipe(signedWith(signing), calling(endpoint, policy)),
    user: AlibabaSeed.arns.user
  },
  {
    name: "AWS",
    words: {
      throttled: "Throttling",
      denied: "AccessDenied",
      broken: "InternalFailure",
      wrongTime: "SignatureDoesNotMatch",
      page: "Malformed"
    },
    whoAmI: (_world, endpoint, policy) =>
      Aws.getCallerIdentity().pipe(signedForAws(), calling(endpoint, policy)),
    user: AwsSeed.arns.user
  }
]
