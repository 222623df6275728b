"""Sends a file with tuspy, as its own documentation says. The one argument is JSON:

    endpoint, token, file   where to, as whom, and what
    metadata                what is said of the upload
    chunk                   bytes in a request
    checksum                whether requests carry a SHA-1
    retries                 tries after a failure, a fifth of a second apart
    stop_at                 how many bytes are to be sent
    url                     an upload that began before, to go on with

Says in one line of JSON how it went.
"""

import json
import sys

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

asked = json.loads(sys.argv[1])
client = TusClient(asked["endpoint"], headers={"Authorization": "Bearer " + asked["token"]})
uploader = client.uploader(
    asked["file"],
    url=asked.get("url"),
    metadata=asked["metadata"],
    chunk_size=asked["chunk"],
    upload_checksum=asked.get("checksum", False),
    retries=asked.get("retries", 0),
    retry_delay=0.2,
)
said = {"url": None, "receipt": None, "begun_at": uploader.offset, "offset": 0, "error": None, "status": None}
try:
    uploader.upload(stop_at=asked.get("stop_at"))
    said["receipt"] = uploader.request.response_headers.get("veldboek-ontvangst")
except (TusCommunicationError, TusUploadFailed) as error:
    said["error"] = str(error)
    said["status"] = error.status_code
said["url"] = uploader.url
said["offset"] = uploader.offset
print(json.dumps(said))
