/** What Prometheus is told. No label names a person or a path: those are in the record. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DecisionEntry } from '../core/entry.ts';
import { remember } from '../core/remember.ts';

/** Values that are read when somebody asks. */
export interface MetricSources {
  readonly openSockets: () => number;
  readonly policyRevision: () => number;
  /** Milliseconds since the policy was last confirmed to be the newest. */
  readonly policyAgeMs: () => number;
  readonly decisionsLost: () => number;
}

export interface Metrics {
  /** Counts one finished request. */
  observe(entry: DecisionEntry): void;
  /** Counts a policy that was put in force, by who answers the questions to it. */
  policyInForce(path: string): void;
  /** Counts a verdict that Casbin would not have given. */
  difference(): void;
  /** Connects the values that others hold; until then they are not shown. */
  watch(sources: MetricSources): void;
  /** The exposition text, and its content type. */
  readonly contentType: string;
  text(): Promise<string>;
}

/** Seconds: a page is quick, a save takes a while, a kernel socket stays for hours and is in the last bucket. */
const DURATIONS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 60];

const STATUS_CLASSES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'];

/** Those that nobody has asked about yet. */
interface FinishedRequests {
  readonly labels: { readonly route: string; readonly code: string; readonly status: string };
  times: number;
}

/** Counters of one gate in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Counting in a counter sorts and joins its labels each time, so it is told only when somebody asks.
  const finished = new Map<string, FinishedRequests>();
  const requests = new Counter({
    name: 'jupyter_gate_requests_total',
    help: 'Requests by route, verdict code and status class',
    labelNames: ['route', 'code', 'status'],
    registers: [],
    collect() {
      for (const { labels, times } of finished.values()) this.inc(labels, times);
      finished.clear();
    },
  });
  registry.registerMetric(requests);
  const duration = new Histogram({
    name: 'jupyter_gate_request_duration_seconds',
    help: 'Time from arrival to the end of the answer',
    labelNames: ['status'],
    buckets: DURATIONS,
    registers,
  });
  const policies = new Counter({
    name: 'jupyter_gate_policies_total',
    help: 'Policies put in force, by who answers: the compiled form or Casbin',
    labelNames: ['path'],
    registers,
  });
  const differences = new Counter({
    name: 'jupyter_gate_engine_differences_total',
    help: 'Sampled verdicts of the compiled policy that Casbin would not have given',
    registers,
  });

  function count(route: string, code: string, status: string): void {
    const key = `${route} ${code} ${status}`;
    const known = finished.get(key);
    if (known === undefined) finished.set(key, { labels: { route, code, status }, times: 1 });
    else known.times += 1;
  }
  const durationOf = remember((status) => duration.labels(status));

  return {
    observe: ({ route, code, status, durationMs }) => {
      const statusClass = STATUS_CLASSES[Math.floor(status / 100)] ?? 'unknown';
      count(route === '' ? 'unknown' : route, code, statusClass);
      if (status !== 101) durationOf(statusClass).observe(durationMs / 1000);
    },
    policyInForce: (path) => policies.inc({ path }),
    difference: () => differences.inc(),
    watch: (sources) => watchSources(registers, sources),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function watchSources(registers: Registry[], sources: MetricSources): void {
  gauge(registers, ['jupyter_gate_open_sockets', 'WebSockets open at the moment'], sources.openSockets);
  gauge(
    registers,
    ['jupyter_gate_policy_revision', 'Revision of the policy in force'],
    sources.policyRevision,
  );
  gauge(
    registers,
    ['jupyter_gate_policy_age_seconds', 'Time since the policy was last confirmed to be the newest'],
    () => sources.policyAgeMs() / 1000,
  );
  gauge(
    registers,
    ['jupyter_gate_decisions_lost', 'Entries of the decision log dropped since the start'],
    sources.decisionsLost,
  );
}

function gauge(registers: Registry[], [name, help]: readonly [string, string], read: () => number): void {
  const shown: Gauge = new Gauge({ name, help, registers: [], collect: () => shown.set(read()) });
  for (const registry of registers) registry.registerMetric(shown);
}
