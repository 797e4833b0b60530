import { z } from 'zod';
import { findingSchema, packageReportSchema } from '../../domain/job/report.ts';
import { shownJobSchema, shownReportSchema, showReport } from '../../domain/job/shown-report.ts';
import type { HttpRoute } from '../context.ts';
import { fromStore, HttpProblem, problemResponses } from '../problem.ts';

const findingShown = findingSchema.pick({
  rule: true,
  severity: true,
  file: true,
  line: true,
  message: true,
});
const packageShown = packageReportSchema
  .omit({ override: true })
  .extend({ findings: z.array(findingShown).readonly() });
const jobShown = shownJobSchema.extend({
  failure: z.object({ reason: z.string(), title: z.string(), remedy: z.string() }).nullable(),
  packages: z.array(packageShown).readonly(),
});
/** The report without what only people in the thread see. */
const answerSchema = shownReportSchema.extend({ jobs: z.array(jobShown).readonly() });

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
        response: { 200: answerSchema, ...problemResponses(404, 500, 503) },
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
