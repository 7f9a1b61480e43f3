/** One HTTP exchange with upstream over an undici pool, from the first byte sent to the last one delivered. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Writable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Ending } from '../core/ending.ts';
import { AppError, asAppError } from '../core/errors.ts';
import type { UpstreamReply } from './forwarder.ts';
import { bufferSink, streamSink } from './reply-sink.ts';
import type { ReplySink, SinkEvents } from './reply-sink.ts';
import { upstreamError } from './upstream-error.ts';

export interface ExchangeResult {
  readonly reply: UpstreamReply;
  readonly buffered: Buffer | undefined;
  readonly bytes: number;
}

export interface ExchangeOptions {
  readonly ending: Ending;
  readonly toReply: (status: number, headers: IncomingHttpHeaders) => UpstreamReply;
  readonly onReply: (reply: UpstreamReply) => Writable | 'buffer';
  readonly bufferLimit: number;
  readonly onPassed?: ((bytes: number) => void) | undefined;
}

interface Settle {
  readonly resolve: (result: ExchangeResult) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * Receives what undici reports. Everything that can go wrong ends in `fail`, once: upstream is aborted, the destination
 * destroyed, the promise rejected.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly done: Promise<ExchangeResult>;
  readonly #options: ExchangeOptions;
  #settle: Settle | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #reply: UpstreamReply | undefined;
  #sink: ReplySink | undefined;
  #bytes = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    options.ending.onEnd((reason) => this.fail(reason));
  }

  /** Ends the exchange with `error`; a no-op when it has ended. */
  fail(error: AppError): void {
    const settle = this.#conclude();
    if (settle === undefined) return;
    // Not yet connected: undici shows its controller later, and `onRequestStart` ends it then.
    this.#controller?.abort(error);
    this.#sink?.abandon();
    settle.reject(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settle === undefined) controller.abort(new AppError('CLIENT_GONE'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200 || this.#settle === undefined) return;
    try {
      this.#reply = this.#options.toReply(status, headers);
      this.#sink = this.#sinkFor(this.#options.onReply(this.#reply));
    } catch (error) {
      this.fail(asAppError(error));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // undici shows an empty piece each time it goes on reading; Node would make a system call of it.
    if (this.#sink === undefined || this.#settle === undefined || chunk.length === 0) return;
    this.#bytes += chunk.length;
    try {
      if (!this.#sink.write(chunk)) controller.pause();
    } catch (error) {
      this.fail(asAppError(error));
    }
  }

  onResponseEnd(): void {
    if (this.#settle !== undefined) this.#sink?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(upstreamError(error));
  }

  #sinkFor(destination: Writable | 'buffer'): ReplySink {
    const events: SinkEvents = {
      onDrain: () => this.#controller?.resume(),
      onDone: (buffered) => this.#succeed(buffered),
      onGone: () => this.fail(new AppError('CLIENT_GONE')),
      onPassed: this.#options.onPassed,
    };
    return destination === 'buffer'
      ? bufferSink(this.#options.bufferLimit, events)
      : streamSink(destination, events);
  }

  #succeed(buffered: Buffer | undefined): void {
    const reply = this.#reply;
    if (reply !== undefined) this.#conclude()?.resolve({ reply, buffered, bytes: this.#bytes });
  }

  #conclude(): Settle | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    return settle;
  }
}
