/**
 * Reads the same reply in every way, in turns.
 */
import * as Result from "effect/Result"
import { XMLParser } from "fast-xml-parser"
import { reply } from "../../clouds/aws.js"
import * as built from "../../support/built.js"
import { repeated, serveWays } from "../../support/ways.js"

const { AssumeRole } = await built.aws()
const { parse } = await built.xml()
const { resultOf } = await built.replyDocument()

const document = reply()
const fastXmlParser = new XMLParser({ parseTagValue: false })

const fields = () =>
  Result.getOrThrow(
    Result.flatMap(parse(document), (root) => resultOf(AssumeRole.name, AssumeRole.output, root))
  )

serveWays({
  elements: repeated(() => Result.getOrThrow(parse(document))),
  fields: repeated(fields),
  fastXmlParser: repeated(() => fastXmlParser.parse(document))
})
