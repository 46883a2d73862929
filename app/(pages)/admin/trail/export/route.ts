import { exportTrail } from "#lib/auth/operators/read-trail.ts";
import { exported } from "#lib/pages/console-export.ts";
import { trailFilterOf } from "#lib/pages/trail-query.ts";

/** What the page of the trail shows, all of it, as a file. */
export const GET = (request: Request): Promise<Response> =>
  exported(request, {
    page: "/admin/trail",
    name: "trail",
    take: async (by, format) => {
      const filter = await trailFilterOf(Object.fromEntries(new URL(request.url).searchParams));
      return exportTrail({ by, filter, format });
    },
  });
