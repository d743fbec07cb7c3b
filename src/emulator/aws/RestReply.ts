/**
 * Replies of AWS services that speak JSON.
 *
 * Source: "AWS restJson1 protocol", Smithy documentation.
 */

import type { Refusal } from "../Refusal.js"
import type { Asked } from "../Service.js"
import { jsonReply, type WireReply } from "../Wire.js"

/** A success. */
export const success = ({ now, requestId }: Asked, content: object): WireReply =>
  jsonReply(now, 200, content, { "x-amzn-requestid": requestId })

/** A refusal, with what its body says. */
export const failure = ({ now, requestId }: Asked, { code, status }: Refusal, content: object): WireReply =>
  jsonReply(now, status, content, { "x-amzn-requestid": requestId, "x-amzn-errortype": code })
