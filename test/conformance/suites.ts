/**
 * Every suite the project is compared with.
 */
import { capturedRequests } from "./alibaba/capturedRequests.js"
import { endpoints } from "./alibaba/endpoints.js"
import { fixtures } from "./alibaba/fixtures.js"
import { model } from "./alibaba/model.js"
import { signaturesRpc } from "./alibaba/signaturesRpc.js"
import { signaturesV3 } from "./alibaba/signaturesV3.js"
import { clockSkew } from "./aws/clockSkew.js"
import { container } from "./aws/container.js"
import { defaultChain, profileProvider } from "./aws/credentialCases.js"
import { endpoints as awsEndpoints, endpointRules } from "./aws/endpoints.js"
import { fileLocation } from "./aws/fileLocation.js"
import { imds } from "./aws/imds.js"
import { imdsEndpoint } from "./aws/imdsEndpoint.js"
import { login } from "./aws/login.js"
import { profileGraph } from "./aws/profileGraph.js"
import { profileParser } from "./aws/profileParser.js"
import { queryInput } from "./aws/queryInput.js"
import { queryOutput } from "./aws/queryOutput.js"
import { refresh } from "./aws/refresh.js"
import { responses } from "./aws/responses.js"
import { retry } from "./aws/retry.js"
import { sigV4 } from "./aws/sigV4.js"
import { tokenProvider } from "./aws/tokenProvider.js"
import type { Suite } from "./Suite.js"

export const suites: ReadonlyArray<Suite> = [
  signaturesRpc,
  signaturesV3,
  capturedRequests,
  endpoints,
  model,
  fixtures,
  retry,
  clockSkew,
  sigV4,
  queryInput,
  queryOutput,
  responses,
  profileParser,
  fileLocation,
  profileGraph,
  defaultChain,
  profileProvider,
  tokenProvider,
  login,
  container,
  imds,
  imdsEndpoint,
  refresh,
  awsEndpoints,
  endpointRules
]
