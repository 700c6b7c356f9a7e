// Lays beside the extension what is packaged with it: the licence, and with BPOL_LSP=PATH the language server.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const extension = join(import.meta.dirname, "..");
const repository = join(extension, "../../..");

const licences = ["LICENSE-MIT", "LICENSE-APACHE"].map((name) => readFileSync(join(repository, name), "utf8"));
writeFileSync(join(extension, "LICENSE.txt"), licences.join("\n\n"));

const folder = join(extension, "server");
rmSync(folder, { recursive: true, force: true });
const server = process.env.BPOL_LSP;
if (server) {
  mkdirSync(folder);
  const copy = join(folder, basename(server));
  copyFileSync(server, copy);
  chmodSync(copy, 0o755);
}
