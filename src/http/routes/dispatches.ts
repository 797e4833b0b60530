import { z } from 'zod';
import { jobStatuses, packageStates } from '../../domain/job/report.ts';
import { showReport } from '../../domain/job/shown-report.ts';
import type { HttpRoute } from '../context.ts';
import { fromStore, HttpProblem, problemResponses } from '../problem.ts';

const time = z.string().describe('ISO 8601, UTC');

const packageSchema = z.object({
  name: z.string(),
  version: z.string().nullable(),
  previousVersion: z.string().nullable(),
  path: z.string().describe('Folder of the package; empty for the root'),
  outcome: z.enum(packageStates),
  reason: z.string().nullable(),
  title: z.string().nullable(),
  remedy: z.string().nullable(),
  distTag: z.string().nullable(),
  integrity: z.string().nullable(),
  tarballBytes: z.number().nullable(),
  findings: z
    .array(
      z.object({
        rule: z.string(),
        severity: z.enum(['block', 'warn', 'info']),
        file: z.string().optional(),
        line: z.number().optional(),
        message: z.string(),
      }),
    )
    .readonly(),
  changelog: z.string().nullable().describe('The entry of this version, Markdown'),
  wordedByModel: z.boolean(),
  additions: z.array(z.string()).readonly().describe('Files of the tarball that differ from the commit'),
  warnings: z.array(z.string()).readonly(),
});

const jobSchema = z.object({
  job: z.int(),
  status: z.enum(jobStatuses),
  waitingFor: z.string().nullable(),
  attempts: z.int(),
  createdAt: time,
  finishedAt: time.nullable(),
  failure: z.object({ reason: z.string(), title: z.string(), remedy: z.string() }).nullable(),
  stages: z
    .array(
      z.object({
        stage: z.string(),
        package: z.string().nullable(),
        attempt: z.int(),
        startedAt: time,
        durationMs: z.number().nullable(),
      }),
    )
    .readonly(),
  packages: z.array(packageSchema).readonly(),
});

const reportSchema = z.object({
  id: z.string(),
  repository: z.string(),
  commit: z.string(),
  packagePath: z.string(),
  jobs: z.array(jobSchema).readonly(),
});

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Reports on one dispatch; knowing its id is the permission to read it. */
export const dispatchesRoute: HttpRoute = {
  method: 'GET',
  path: '/dispatches/:id',
  register(app, context) {
    app.route({
      method: 'GET',
      url: '/dispatches/:id',
      schema: {
        summary: 'The report of one dispatch',
        params: z.object({ id: z.string() }),
        response: { 200: reportSchema, ...problemResponses(404, 500, 503) },
      },
      handler: async ({ params }, reply) => {
        const report = idPattern.test(params.id)
          ? await fromStore(async () => context.findReport(params.id))
          : undefined;
        if (report === undefined)
          throw new HttpProblem(404, 'dispatch-not-found', 'There is no such dispatch.');
        return reply.send(showReport(report));
      },
    });
  },
};
