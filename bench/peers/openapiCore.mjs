/**
 * What Alibaba Cloud's own client does between a call's parameters and the wire, by either signature.
 */
import { createRequire } from "node:module"
import { clouds } from "../contenders/clouds.mjs"

const require = createRequire(import.meta.url)
const { OpenApiUtil } = require("@alicloud/openapi-core")
const { Request } = require("@darabonba/typescript")

const { key, parameters } = clouds.alibaba
const algorithm = "ACS3-HMAC-SHA256"

const acs3 = () => {
  const body = OpenApiUtil.toForm(parameters)
  const digest = OpenApiUtil.hash(Buffer.from(body, "utf8"), algorithm).toString("hex")
  const headers = {
    host: "sts.aliyuncs.com",
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": "AssumeRole",
    "x-acs-version": "2015-04-01",
    "x-acs-date": OpenApiUtil.getTimestamp(),
    "x-acs-signature-nonce": OpenApiUtil.getNonce(),
    "x-acs-content-sha256": digest
  }
  const request = Object.assign(new Request(), { method: "POST", pathname: "/", query: {}, headers })
  return OpenApiUtil.getAuthorization(request, algorithm, digest, key.accessKeyId, key.accessKeySecret)
}

const rpc = () => {
  const query = OpenApiUtil.query({
    ...parameters,
    Action: "AssumeRole",
    Version: "2015-04-01",
    Format: "json",
    Timestamp: OpenApiUtil.getTimestamp(),
    SignatureNonce: OpenApiUtil.getNonce(),
    AccessKeyId: key.accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0"
  })
  const Signature = OpenApiUtil.getRPCSignature(query, "POST", key.accessKeySecret)
  return OpenApiUtil.toForm({ ...query, Signature })
}

export const open = (_, { signer }) => {
  const sign = signer === "rpc" ? rpc : acs3
  const drive = (_, more) => {
    while (more()) sign()
  }
  return { call: sign, drive }
}
