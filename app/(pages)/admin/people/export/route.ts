import { exportPeople } from "#lib/auth/operators/export-people.ts";
import { exported } from "#lib/pages/console-export.ts";
import { peopleQueryOf } from "#lib/pages/people-query.ts";

/** Those whom the list shows, all of them, as a file. */
export const GET = (request: Request): Promise<Response> =>
  exported(request, {
    page: "/admin/people",
    name: "people",
    take: (by, format) => {
      const query = peopleQueryOf(Object.fromEntries(new URL(request.url).searchParams));
      return exportPeople({ by, query, format });
    },
  });
