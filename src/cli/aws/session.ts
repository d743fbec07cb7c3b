/** With which credentials and where AWS is called. */
import { AwsNode } from "../../node.js"
import { sessionOf } from "../session.js"

export const session = sessionOf({ cloud: "aws", node: AwsNode.layerWith })
