// The chat's REST API as the page uses it. Reads and posts that fail on the way or in the server are
// repeated: a post carries its own id, so a repetition can never appear twice.

const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(name + "="))?.slice(name.length + 1) ?? "";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const passing = (status) => status === 0 || status >= 500;

export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message || `The server answered ${status}.`);
    this.status = status;
  }
}

async function once(method, path, body) {
  const headers = { "X-CSRF-Token": cookie("MMCSRF") };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch("/api/v4" + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { message: "The server cannot be reached." });
  }
  const json = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, json);
  return json;
}

/** `repeatable` calls are tried for about ten seconds before they fail. */
async function call(method, path, body, repeatable = method === "GET") {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(method, path, body);
    } catch (refusal) {
      if (!repeatable || !passing(refusal.status) || attempt === 6) throw refusal;
      await pause(100 * 2 ** attempt);
    }
  }
}

export const api = {
  get: (path) => call("GET", path),
  post: (path, body) => call("POST", path, body),
  /** What the server makes only one of, however often it is asked. */
  ensure: (path, body) => call("POST", path, body, true),

  /** Sends one file; `progress` hears shares from 0 to 1. Gives the file's facts. */
  upload(channelId, file, progress) {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("channel_id", channelId);
    form.append("files", file, file.name);
    const answer = new Promise((done, failed) => {
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = () => failed(new Refusal(0));
      request.onabort = () => failed(new Refusal(0));
      request.onload = () => {
        const json = JSON.parse(request.responseText || "null");
        if (request.status === 201) done(json.file_infos[0]);
        else failed(new Refusal(request.status, json));
      };
    });
    request.open("POST", "/api/v4/files");
    request.setRequestHeader("X-CSRF-Token", cookie("MMCSRF"));
    request.send(form);
    return { answer, cancel: () => request.abort() };
  },
};
