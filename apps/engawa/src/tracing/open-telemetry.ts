// Loaded only where traces are configured: nothing else may import it but by `import()`.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { provideTracing, type Attributes } from '@engawa/domain';
import type { Tracing } from '../config.ts';
import program from '../../package.json' with { type: 'json' };
import { samplerOf } from './sampler.ts';

export interface Traces {
  /** Answers a request within a span that ends with its answer. */
  request(request: IncomingMessage, response: ServerResponse, place: string, answer: () => void): void;
  /** Sends what is still here, for a moment, and ends. */
  stop(): Promise<void>;
}

/** Sends traces of this process to the OTLP receiver that the standard variables name (OTLP over HTTP, as JSON). */
export function startTraces(options: Tracing, role: string): Traces {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const processor = new BatchSpanProcessor({
    // Address, headers and time-out are read from OTEL_EXPORTER_OTLP_… by the exporter itself.
    exporter: new OTLPTraceExporter(),
    scheduledDelayMillis: options.delay,
  });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': 'engawa',
          'service.version': program.version,
          'engawa.role': role,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(options),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('engawa', program.version);
  const work = <T>(name: string, attributes: Attributes, run: () => T): T =>
    tracer.startActiveSpan(name, { attributes }, (span) => within(span, run));
  provideTracing(work);
  const propagator = new W3CTraceContextPropagator();

  return {
    request(request, response, place, answer) {
      // Only what a proxy of ours wrote is believed: a visitor could have every request of theirs recorded.
      const parent = options.trusted
        ? propagator.extract(ROOT_CONTEXT, request.headers, HEADERS)
        : ROOT_CONTEXT;
      serve(tracer.startSpan(`${request.method} /${place}`, { kind: SpanKind.SERVER }, parent), parent);

      function serve(span: Span, from: Context): void {
        span.setAttribute('http.request.method', request.method ?? '');
        response.once('close', () => {
          const { statusCode } = response;
          span.setAttribute('http.response.status_code', statusCode);
          if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        });
        context.with(trace.setSpan(from, span), answer);
      }
    },
    async stop() {
      provideTracing(null);
      await provider.shutdown();
      context.disable();
      propagation.disable();
    },
  };
}

const HEADERS = {
  get: (carrier: IncomingMessage['headers'], key: string) => carrier[key],
  keys: (carrier: IncomingMessage['headers']) => Object.keys(carrier),
};

/** Ends the span with the work. Of an error only its code is told: messages may hold what people wrote. */
function within<T>(span: Span, run: () => T): T {
  const failed = (error: unknown) => {
    const { code, name } = error as { code?: string; name?: string };
    span.setAttribute('error.type', String(code ?? name ?? 'unknown'));
    // What was refused is an answer, not a fault.
    const status = (error as { status?: number }).status ?? 500;
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // Beside the promise, not in its way: whoever awaits it sees the same one.
  result.then(() => span.end(), failed);
  return result;
}
