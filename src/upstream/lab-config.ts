/** Configuration of JupyterLab for which there is no command line option. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Read by jupyterlab_server (`config.py`, `get_page_config`) from every directory of the configuration path, and merged. */
const PAGE_CONFIG = {
  disabledExtensions: {
    // Asks each person, once per profile, whether to fetch news from the internet; `LabApp.news_url` does not stop the question.
    '@jupyterlab/apputils-extension:announcements': true,
  },
};

/** Fills `configDir`; answers everything that was made, the innermost first. */
export async function writeLabConfig(configDir: string): Promise<readonly string[]> {
  const labDir = join(configDir, 'labconfig');
  const file = join(labDir, 'page_config.json');
  await mkdir(labDir, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(PAGE_CONFIG)}\n`, { mode: 0o600 });
  return [file, labDir, configDir];
}
