/** The inside of a process of the bench: starts with options, says that it is ready, then does what it is asked. */

/** What a process can be asked for, by name. */
export type Commands = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

export interface Started {
  /** Told to the bench once. */
  readonly ready: unknown;
  readonly commands?: Commands;
}

export interface Asked {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

export interface Answered {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Runs `start` with the options the bench gave. The process ends when the bench lets go of it. */
export async function work(start: (options: never) => Promise<Started>): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as never;
  process.once('disconnect', () => process.exit());
  const { ready, commands = {} } = await start(options);
  process.on('message', (asked: Asked) => void answer(commands, asked));
  process.send?.({ id: 0, result: ready } satisfies Answered);
}

async function answer(commands: Commands, { id, command, argument }: Asked): Promise<void> {
  try {
    const run = commands[command];
    if (run === undefined) throw new TypeError(`expected a command, received \`${command}\``);
    process.send?.({ id, result: await run(argument as never) } satisfies Answered);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
