// The WebSocket: one stream of events without gaps, or word that something was missed.
//
// After "service restart" (1012) it comes back at once: somebody planned this and made room.
// After anything else it waits a little, longer each time, and not at the same moment as others.

const RESTART = 1012;
const WAIT_MS = 500, WAIT_MAX_MS = 8000, PING_MS = 30000;

export class Live {
  /** `on`: event(event), state(text), missed(), version(text) */
  constructor(on) {
    this.on = on;
    this.id = "";
    this.next = 0;
    this.failures = 0;
    this.ended = false;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const query = `connection_id=${this.id}&sequence_number=${this.next}`;
    const socket = new WebSocket(`${scheme}//${location.host}/api/v4/websocket?${query}`);
    this.socket = socket;
    this.asked = 1;
    socket.onopen = () => {
      this.failures = 0;
      this.on.state("live");
      clearInterval(this.pings);
      this.pings = setInterval(() => this.ask("ping"), PING_MS);
    };
    socket.onmessage = (message) => this.socket === socket && this.read(JSON.parse(message.data));
    socket.onclose = (close) => this.socket === socket && this.reconnect(close.code);
  }

  read(event) {
    if (event.event === undefined) return;
    if (event.event === "hello") {
      const known = this.id !== "" && this.id !== event.data.connection_id;
      this.id = event.data.connection_id;
      this.next = event.seq + 1;
      this.on.version(event.data.server_version);
      if (known) this.on.missed();
      return;
    }
    if (event.seq !== this.next) {
      this.id = "";
      this.on.missed();
      this.socket.close();
      return;
    }
    this.next = event.seq + 1;
    this.on.event(event);
  }

  reconnect(code) {
    clearInterval(this.pings);
    if (this.ended) return;
    const planned = code === RESTART && this.failures === 0;
    this.on.state(planned ? "moving" : "lost");
    const wait = planned ? 0 : Math.min(WAIT_MS * 2 ** this.failures, WAIT_MAX_MS) * (0.5 + Math.random());
    this.failures++;
    setTimeout(() => this.ended || this.connect(), wait);
  }

  ask(action, data = {}) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ action, seq: this.asked++, data }));
  }

  end() {
    this.ended = true;
    clearInterval(this.pings);
    this.socket.close();
  }
}
