/** With which credentials and where Alibaba Cloud is called. */
import { AlibabaNode } from "../../node.js"
import { sessionOf } from "../session.js"

export const session = sessionOf({ cloud: "alibaba", node: AlibabaNode.layerWith })
