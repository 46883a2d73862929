/**
 * The table that a database carries while `npm run db:copy` fills it, and until a server starts on it. Its one row says
 * whether all is there: a server that started on half a copy would turn half of the people away.
 */
export const COPY_MARK = "latchkey_copy";

export const UNFINISHED = "a copy into it was begun and has not ended. Run the same npm run db:copy again";
