// Sends a file with tus-js-client, as its own documentation says. The one argument is JSON:
//
//   endpoint, token, file     where to, as whom, and what
//   metadata                  what is said of the upload
//   retry                     waits between tries in milliseconds; none when it is to give up at once
//   chunk                     bytes in a request; without it a request carries everything
//   url                       an upload that began before, to go on with
//   during_creation           send bytes with the creation
//   override                  send POST with X-HTTP-Method-Override instead of PATCH
//   terminate                 break the upload at `url` off
//
// Says in one line of JSON how it went.
import { readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const asked = JSON.parse(process.argv[2])
const said = { url: null, receipt: null, requests: 0, error: null }
const headers = asked.token ? { Authorization: `Bearer ${asked.token}` } : {}

function end() {
  process.stdout.write(`${JSON.stringify(said)}\n`, () => process.exit(0))
}

if (asked.terminate) {
  await Upload.terminate(asked.url, { headers, retryDelays: null })
  said.url = asked.url
  end()
}

const upload = new Upload(readFileSync(asked.file), {
  endpoint: asked.endpoint,
  uploadUrl: asked.url ?? null,
  headers,
  metadata: asked.metadata,
  chunkSize: asked.chunk ?? Number.POSITIVE_INFINITY,
  retryDelays: asked.retry ?? null,
  uploadDataDuringCreation: asked.during_creation ?? false,
  overridePatchMethod: asked.override ?? false,
  onBeforeRequest: () => {
    said.requests += 1
  },
  onAfterResponse: (_request, response) => {
    said.receipt = response.getHeader('veldboek-ontvangst') ?? said.receipt
  },
  onUploadUrlAvailable: () => {
    said.url = upload.url
  },
  onError: (error) => {
    said.url = upload.url
    said.error = String(error.message)
    end()
  },
  onSuccess: () => {
    said.url = upload.url
    end()
  },
})
upload.start()
