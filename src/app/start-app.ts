/** The gate as a program: every part is made here, once, in order, and undone in the reverse order. */
import { createProxyServer } from '../accept/server/create-proxy-server.ts';
import type { GateConfig } from '../config/config.ts';
import type { Decider } from '../decide/decider.ts';
import { checkPorts } from './check-ports.ts';
import { withCleanups } from './cleanups.ts';
import { collectSpentBuffers } from './collect-spent-buffers.ts';
import { openAdmin } from './open-admin.ts';
import { openCore } from './open-core.ts';
import type { CoreIo } from './open-core.ts';
import { openProxy } from './open-proxy.ts';
import { createSignInLinks } from './sign-in-links.ts';

export interface App {
  /** Where browsers open the gate, with the base path. */
  readonly url: string;
  readonly adminUrl: string;
  readonly decider: Decider;
  /** A fresh one-time sign-in link of the first user; undefined when that user is gone or disabled. */
  signInLink(): Promise<string | undefined>;
  /** Drains and stops everything, our own Jupyter and its kernels included. */
  close(): Promise<void>;
}

/** Starts everything. When a step fails, what was started before is stopped again and the error passed on. */
export function startApp(config: GateConfig, io: CoreIo): Promise<App> {
  return withCleanups(io.log, async (cleanups) => {
    await checkPorts([
      { host: config.host, port: config.port },
      { host: config.adminHost, port: config.adminPort },
    ]);
    const core = await openCore(config, io, cleanups);
    const proxy = openProxy(config, core, { cleanups, onPassed: collectSpentBuffers() });
    const server = createProxyServer({ ...proxy.handlers, config });
    const { port } = await server.listen(config.port, config.host);
    cleanups.add('proxy listener', () => server.close(config.stopTimeout));
    const url = `${proxy.openedAt(port)}${config.baseUrl}`;
    const links = createSignInLinks(url, core, config);
    const { classifier } = proxy;
    const adminUrl = await openAdmin(config, { core, classifier, links, cleanups });
    return {
      url,
      adminUrl,
      decider: core.policy.decider,
      signInLink: () => links.ofFirstUser(),
      close: () => cleanups.run(),
    };
  });
}
