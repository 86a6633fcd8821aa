/** The web server for `npm run bench http` beside the appliance: nginx, set up as one would for files. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./appliance.ts";
import { type Server, startServer, subnet } from "./servers.ts";

export const answersHttp = (address: string): boolean =>
  execFileSync("curl", ["-s", "-m", "1", "--noproxy", "*", `http://${address}/`]).length > 0;

export function startNginx(n: number, root: string): Promise<Server> {
  const own = join(folder, "nginx");
  mkdirSync(own, { recursive: true });
  const file = join(own, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    file,
    `user root;
worker_processes 1;
daemon off;
pid ${own}/pid;
error_log stderr crit;
events { worker_connections 20000; }
http {
  types { text/html html; text/css css; text/javascript js; }
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=1000;
  ${temporary.map((name) => `${name}_temp_path ${own}/${name};`).join("\n  ")}
  server { listen ${subnet(n).there}:80; root ${root}; }
}
`,
  );
  return startServer("nginx", n, ["nginx", "-c", file, "-p", own], answersHttp);
}
