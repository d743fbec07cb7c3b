/**
 * Every source of both clouds.
 */
import { alibabaPromises, alibabaSources } from "./alibaba.js"
import { awsPromises, awsSources } from "./aws.js"

export const sources = [...awsSources, ...alibabaSources]

export const promises = [...awsPromises, ...alibabaPromises]

/** How a source is called among those of both clouds. */
export const fullName = ({ cloud, name }: (typeof sources)[number]): string =>
  `${cloud === "aws" ? "AWS" : "Alibaba Cloud"}, ${name}`
