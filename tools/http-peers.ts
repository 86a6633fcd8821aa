/** Clients of one server in simulated networks: many connections of one host, each as fast or slow as a test wants. */
import { Host, Host6, type Simulation, TcpClient, type TcpConnection } from "#simulate";

export interface HttpClientOptions {
  readonly name: string;
  readonly address: string;
  readonly server: string;
  /** Of the server; 80 if it is not said. */
  readonly port?: number;
  /** Its addresses of IPv6, that of the link first. */
  readonly addresses6?: readonly [string, ...string[]];
}

export class HttpClient {
  readonly host: Host;
  readonly host6: Host6 | undefined;
  readonly server: string;
  readonly serverPort: number;
  readonly #tcp: TcpClient;

  constructor(simulation: Simulation, options: HttpClientOptions) {
    this.server = options.server;
    this.serverPort = options.port ?? 80;
    this.host = new Host(simulation, { name: options.name, address: `${options.address}/16` });
    const { addresses6 } = options;
    this.host6 = addresses6 === undefined ? undefined : new Host6(this.host, { addresses: addresses6 });
    this.#tcp = new TcpClient(this.host);
  }

  /** Whether it says nothing any more. */
  get isSilent(): boolean {
    return this.#tcp.isSilent;
  }
  set isSilent(value: boolean) {
    this.#tcp.isSilent = value;
  }

  /** Another connection. `window`: bytes that it takes before `read` is called. */
  connect(window?: number): TcpConnection {
    return this.#tcp.connect(this.server, this.serverPort, window);
  }
}
